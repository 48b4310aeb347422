// The menu of the conversation offers what can be done now.
import { beforeEach, expect, test, vi } from 'vitest';
import { chat } from '../src/panel/ui/chat';
import { panelWith } from './screens';

vi.stubGlobal('WebSocket', class {});

const find = (text: string) => [...document.querySelectorAll('button')].find((one) => one.textContent === text);

function open() {
  const { context } = panelWith();
  const { client } = context;
  const conversation = { id: 'c', state: 'open', protocol: '1', agent: { name: 'Ana' }, may_close: true } as never;
  client.state = { ...client.state, conversation };
  const screen = chat(context);
  document.body.append(screen.node);
  screen.update();
  const opener = document.querySelector<HTMLElement>('.has-menu button')!;
  const turnTo = (change: object) => {
    client.state = { ...client.state, conversation: { ...client.state.conversation!, ...change } };
    screen.update();
  };
  return { opener, turnTo };
}

beforeEach(() => document.body.replaceChildren());

test('a menu that stands open when the conversation ends is closed, and offers no end of it any more', async () => {
  const { opener, turnTo } = open();
  opener.click();
  await vi.waitFor(() => expect(find('Encerrar conversa')).toBeTruthy());
  turnTo({ attended: false });
  expect(opener.ariaExpanded).toBe('true');
  turnTo({ state: 'closed' });
  expect(opener.ariaExpanded).toBe('false');
  expect(document.querySelector<HTMLElement>('.menu')!.hidden).toBe(true);
  expect(document.activeElement).toBe(opener);
  opener.click();
  await vi.waitFor(() => expect(opener.ariaExpanded).toBe('true'));
  expect(find('Encerrar conversa')).toBeUndefined();
});
