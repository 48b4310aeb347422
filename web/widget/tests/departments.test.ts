// The choice of a department says who is there now, not who was there when the page was loaded (T-132); and where one waits is said.
import { expect, test, vi } from 'vitest';
import { chat } from '../src/panel/ui/chat';
import { form } from '../src/panel/ui/form';
import { eventText } from '../src/panel/ui/rows';
import { control, fill, panelWith } from './screens';

vi.stubGlobal('WebSocket', class {});

const answering = (departments: object[]) =>
  vi.stubGlobal('fetch', async () => ({ json: async () => ({ online: true, departments }) }));

const optionsOf = (node: HTMLElement) =>
  [...node.querySelectorAll<HTMLOptionElement>('#field-department option')].map((option) => option.textContent);

test('a department that has emptied since the page was loaded is shown so, and choosing it says what to expect', async () => {
  answering([
    { id: 'd1', name: 'Vendas', online: true },
    { id: 'd2', name: 'Suporte', online: false },
  ]);
  const { context } = panelWith();
  context.config.settings.offline_text = 'Voltamos amanhã às 8h.';
  const screen = form(context);
  screen.update();
  await vi.waitFor(() => expect(optionsOf(screen.node)[2]).toBe('Suporte (ninguém online)'));
  expect(optionsOf(screen.node)[1]).toBe('Vendas');
  const choice = control(screen.node, 'department');
  fill(choice, 'd2');
  choice.dispatchEvent(new Event('change'));
  expect(screen.node.querySelector('.intro')!.textContent).toBe('Voltamos amanhã às 8h.');
  fill(choice, 'd1');
  choice.dispatchEvent(new Event('change'));
  expect(screen.node.querySelector('.intro')!.textContent).toBe('Antes de começar, conte quem é você.');
});

test('what has been chosen stays chosen while the states are looked up', async () => {
  answering([{ id: 'd2', name: 'Suporte', online: false }]);
  const { context } = panelWith({ d: JSON.stringify({ department: 'd2' }) });
  const screen = form(context);
  screen.update();
  await vi.waitFor(() => expect(optionsOf(screen.node)[2]).toContain('ninguém online'));
  expect(control(screen.node, 'department').value).toBe('d2');
});

test('while the form stands open the departments are looked up anew: when presence changes, and now and then', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  answering([{ id: 'd2', name: 'Suporte', online: false }]);
  const { context } = panelWith();
  const { client } = context;
  client.state = { ...client.state, online: false };
  const screen = form(context);
  document.body.append(screen.node);
  screen.update();
  const isShown = (text: string) => vi.waitFor(() => expect(optionsOf(screen.node)[2]).toBe(text));
  await isShown('Suporte (ninguém online)');
  answering([{ id: 'd2', name: 'Suporte', online: true }]);
  client.state = { ...client.state, online: false };
  screen.update();
  await isShown('Suporte');
  answering([{ id: 'd2', name: 'Suporte', online: false }]);
  vi.advanceTimersByTime(15_000);
  await isShown('Suporte (ninguém online)');
  screen.node.remove();
  vi.useRealTimers();
});

test('the head says which place in the queue one has, in words where it is not known', () => {
  const { context } = panelWith();
  const conversation = { id: 'c', state: 'queue', agent: null } as never;
  const { client } = context;
  const screen = chat(context);
  const head = () => screen.node.querySelector('header small')!.textContent;
  client.state = { ...client.state, conversation, queue: 3 };
  screen.update();
  expect(head()).toBe('3º lugar na fila');
  client.state = { ...client.state, queue: null };
  screen.update();
  expect(head()).toBe('Aguardando atendimento');
});

test('who was given the conversation is named, and so is who gets it by a transfer', () => {
  const { context } = panelWith();
  const said = (code: string, name: string | null) => eventText({ code, name }, context.words);
  expect(said('assigned', 'Ana')).toBe('Ana vai atender você');
  const transferred = { code: 'transferred', name: 'Ana', target: 'Financeiro › Bruno' };
  expect(eventText(transferred, context.words)).toBe('Conversa transferida para Financeiro › Bruno');
  expect(said('transferred', 'Ana')).toBe('Conversa transferida');
  expect(said('assigned', null)).toBe('Alguém da equipe vai atender você');
});
