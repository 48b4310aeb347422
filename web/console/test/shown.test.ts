// Files of messages whose address does not work: a fresh one once, and again when the network is back or by a click.
import type { FileShown } from '@balcao/api';
import { ApiError } from '@balcao/api';
import { beforeEach, expect, it, vi } from 'vitest';
import { api } from '../src/api';
import { shownFiles } from '../src/features/files/shown.svelte';

const fileOf = vi.spyOn(api, 'fileOf');
let file: FileShown;
let number = 0;

beforeEach(() => {
  fileOf.mockReset();
  file = {
    id: 'f1',
    name: 'fachada.jpg',
    kind: 'image',
    media_type: 'image/jpeg',
    size: 100,
    width: 4,
    height: 3,
    duration_ms: null,
    url: '/files/f1?old',
    preview_url: null,
    download_url: `/files/f1?old${(number += 1)}&download`,
  };
});

const fresh = (): FileShown => ({ ...file, url: '/files/f1?new' });
const looks = () => [shownFiles.isUnreachable(file), shownFiles.isBroken(file)];

it('an address that is too old is replaced by a fresh one; if that does not work either, it is said', async () => {
  fileOf.mockResolvedValue(fresh());
  await shownFiles.broken('c1', file);
  expect(shownFiles.of(file).url).toBe('/files/f1?new');
  expect([shownFiles.attempt(file), ...looks()]).toEqual([1, false, false]);
  await shownFiles.broken('c1', file);
  expect(looks()).toEqual([false, true]);
  expect(fileOf).toHaveBeenCalledOnce();
});

it('a message that is read again meanwhile keeps what is known of its address', async () => {
  let answer: (file: FileShown) => void = () => {};
  fileOf.mockReturnValueOnce(new Promise((done) => (answer = done)));
  const asked = shownFiles.broken('c1', file);
  file = { ...file };
  answer(fresh());
  await asked;
  expect([shownFiles.of(file).url, shownFiles.attempt(file)]).toEqual(['/files/f1?new', 1]);
});

it('what failed without a network is tried again when that is back', async () => {
  fileOf.mockRejectedValueOnce(new ApiError(0, null)).mockResolvedValueOnce(fresh());
  await shownFiles.broken('c1', file);
  expect(looks()).toEqual([true, false]);
  shownFiles.retryAll();
  expect(looks()).toEqual([false, false]);
  await shownFiles.broken('c1', file);
  expect(shownFiles.of(file).url).toBe('/files/f1?new');
});

it('so is what failed while the network came back, and what a fresh address did not bring', async () => {
  let fail: (error: Error) => void = () => {};
  fileOf.mockReturnValueOnce(new Promise((_, reject) => (fail = reject)));
  const asked = shownFiles.broken('c1', file);
  shownFiles.retryAll();
  fail(new ApiError(0, null));
  await asked;
  expect([shownFiles.attempt(file), ...looks()]).toEqual([1, false, false]);
  fileOf.mockResolvedValue(fresh());
  await shownFiles.broken('c1', file);
  await shownFiles.broken('c1', file);
  expect(looks()).toEqual([false, true]);
  shownFiles.retryAll();
  expect(looks()).toEqual([false, false]);
});

it('a click on it tries again', async () => {
  fileOf.mockRejectedValue(new ApiError(503, null));
  await shownFiles.broken('c1', file);
  shownFiles.retry(file);
  expect(looks()).toEqual([false, false]);
  await shownFiles.broken('c1', file);
  expect(looks()).toEqual([true, false]);
  expect(fileOf).toHaveBeenCalledTimes(2);
});

it('a link that stood for long is renewed before it downloads, and nothing that is shown is lost when that fails', async () => {
  vi.useFakeTimers();
  shownFiles.of(file);
  const clicked = vi.spyOn(HTMLElement.prototype, 'click').mockImplementation(() => undefined);
  const click = () => {
    const event = new MouseEvent('click', { cancelable: true });
    shownFiles.download(event, 'c1', file);
    return event.defaultPrevented;
  };
  expect(click()).toBe(false);
  vi.setSystemTime(Date.now() + 26 * 60_000);
  fileOf.mockRejectedValueOnce(new ApiError(0, null)).mockResolvedValueOnce(fresh());
  expect(click()).toBe(true);
  await vi.advanceTimersByTimeAsync(0);
  expect([clicked.mock.calls.length, ...looks()]).toEqual([1, false, false]);
  expect([click(), click()]).toEqual([true, true]);
  await vi.advanceTimersByTimeAsync(0);
  expect(click()).toBe(false);
  vi.useRealTimers();
});
