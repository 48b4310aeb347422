// What is said of who is there: only what is known.
import { expect, test, vi } from 'vitest';
import { chat } from '../src/panel/ui/chat';
import { home } from '../src/panel/ui/home';
import { panelWith } from './screens';

vi.stubGlobal('WebSocket', class {});

function conversationWith(agent: string | null) {
  const { context } = panelWith();
  const { client } = context;
  const conversation = { id: 'c', state: agent ? 'open' : 'queue', agent: agent && { name: agent } } as never;
  client.state = { ...client.state, conversation, online: true };
  const screen = chat({ ...context, self: 'Atendimento' });
  const head = () => {
    screen.update();
    const shown = [...screen.node.querySelectorAll<HTMLElement>('.who .cut')].filter((one) => !one.hidden);
    return shown.map((one) => one.textContent);
  };
  return { client, head, screen };
}

test('who answers is called online only where somebody is known to be', () => {
  const { client, head } = conversationWith('Ana Souza');
  expect(head()).toEqual(['Ana Souza', 'Atendimento', ' · online']);
  client.state = { ...client.state, online: false };
  expect(head()).toEqual(['Ana Souza', 'Atendimento']);
});

test('while the connection is cut nothing is said of who is there, and a first attempt is no cut', () => {
  const { client, head, screen } = conversationWith(null);
  const line = vi.spyOn(client, 'line', 'get').mockReturnValue('connecting');
  expect(head()).toEqual(['Atendimento', 'Aguardando atendimento']);
  line.mockReturnValue('lost');
  expect(head()).toEqual(['Atendimento']);
  expect(screen.node.querySelector<HTMLElement>('.hint')!.textContent).not.toContain('Ninguém');
  line.mockReturnValue('open');
  expect(head()).toEqual(['Atendimento', 'Aguardando atendimento']);
});

test('the first screen says nothing of who is there while the connection is cut', () => {
  const { context } = panelWith();
  const line = vi.spyOn(context.client, 'line', 'get');
  const screen = home(context);
  const state = screen.node.querySelector<HTMLElement>('.start small')!;
  screen.update();
  expect(state.textContent).toBe('Nossa equipe está online');
  line.mockReturnValue('lost');
  screen.update();
  expect([state.hidden, state.textContent, state.className]).toEqual([true, '', '']);
});
