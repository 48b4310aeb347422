// Files of messages that wait to be sent: the browser asks before it leaves the page while only that has their content.
import { Keep } from '@balcao/files';
import type { Unsent } from '@balcao/live';
import { beforeEach, expect, it, vi } from 'vitest';
import { waitingFiles } from '../src/features/files/waiting';

const put = vi.spyOn(Keep.prototype, 'put');
vi.spyOn(Keep.prototype, 'remove').mockResolvedValue();
const content = new Blob(['abc']);
const settle = () => new Promise((done) => setTimeout(done));

function isAsked(): boolean {
  const leaving = new Event('beforeunload', { cancelable: true });
  dispatchEvent(leaving);
  return leaving.defaultPrevented;
}

beforeEach(() => void put.mockReset());

it('asks until all are kept', async () => {
  const kept: ((isKept: boolean) => void)[] = [];
  put.mockImplementation(() => new Promise((done) => kept.push(done)));
  expect(isAsked()).toBe(false);
  waitingFiles.put('one', content);
  waitingFiles.put('two', content);
  kept[0]!(true);
  await settle();
  expect(isAsked()).toBe(true);
  kept[1]!(true);
  await settle();
  expect(isAsked()).toBe(false);
});

it('where the browser keeps nothing, asks until the message is sent or discarded', async () => {
  put.mockResolvedValue(false);
  waitingFiles.put('one', content);
  await settle();
  expect(isAsked()).toBe(true);
  waitingFiles.done({ clientId: 'one' } as Unsent, true);
  expect(isAsked()).toBe(false);
});
