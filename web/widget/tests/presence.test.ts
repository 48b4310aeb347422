// What is said of who is there: only what is known.
import { expect, onTestFinished, test, vi } from 'vitest';
import { Client } from '../src/panel/client';
import type { Host } from '../src/panel/host';
import { chat } from '../src/panel/ui/chat';
import { apply } from '../src/panel/state';
import { home } from '../src/panel/ui/home';
import { panelWith } from './screens';

vi.stubGlobal('WebSocket', class {});

function conversationWith(name: string | null, attended: boolean) {
  const { context } = panelWith();
  const { client } = context;
  const conversation = { id: 'c', state: name ? 'open' : 'queue', agent: name && { name }, attended } as never;
  client.state = { ...client.state, conversation, online: true };
  Object.assign(context.config.settings, { plugin_name: 'Atendimento' });
  const screen = chat(context);
  const head = () => {
    screen.update();
    const shown = [...screen.node.querySelectorAll<HTMLElement>('.who .cut')].filter((one) => !one.hidden);
    return shown.map((one) => one.textContent);
  };
  const hint = () => {
    const { hidden, textContent } = screen.node.querySelector<HTMLElement>('.hint')!;
    return hidden ? '' : textContent;
  };
  return { client, config: context.config, head, hint, screen };
}

test('who answers is called online by the own status, whoever else is there', () => {
  const { client, config, head, hint } = conversationWith('Ana Souza', true);
  client.state = { ...client.state, online: false };
  expect(head()).toEqual(['Ana Souza', 'Atendimento', ' · online']);
  expect(hint()).toBe('');
  const tell = (online: boolean) =>
    (client.state = apply(client.state, { t: 'attended', conversation: 'c', online }).state);
  tell(false);
  client.state = { ...client.state, online: true };
  expect(head()).toEqual(['Ana Souza', 'Atendimento']);
  const kept = 'Sua mensagem fica guardada e a resposta chega por aqui.';
  expect(hint()).toBe('Ana Souza não está online agora. ' + kept);
  // What the company says of its hours goes for who is there, and nobody is.
  config.settings.offline_text = 'Voltamos às 8h.';
  expect(hint()).toContain(kept);
  client.state = { ...client.state, online: false };
  head();
  expect(hint()).toBe('Ana Souza não está online agora. Voltamos às 8h.');
  tell(true);
  expect(head()).toEqual(['Ana Souza', 'Atendimento', ' · online']);
  expect(hint()).toBe('');
});

test('who waits is told the place while somebody of that department is there, and else that nobody is', () => {
  const { client, config, head, hint } = conversationWith(null, true);
  config.settings.offline_text = 'Voltamos às 8h.';
  client.state = { ...client.state, queue: 2 };
  expect(head()).toEqual(['Atendimento', '2º lugar na fila']);
  // Others of the company are there, nobody of the department.
  client.state = apply(client.state, { t: 'attended', conversation: 'c', online: false }).state;
  expect(head()).toEqual(['Atendimento', 'Ninguém online']);
  expect(hint()).toBe('Voltamos às 8h.');
  client.state = apply(client.state, { t: 'attended', conversation: 'c', online: true }).state;
  expect(head()).toEqual(['Atendimento', '2º lugar na fila']);
  expect(hint()).not.toContain('Voltamos');
});

test('of who answers nothing is said while the connection is cut, nor once the conversation is closed', () => {
  const { client, head, hint } = conversationWith('Ana Souza', false);
  const line = vi.spyOn(client, 'line', 'get').mockReturnValue('lost');
  head();
  expect(hint()).toBe('');
  line.mockReturnValue('open');
  head();
  expect(hint()).toContain('Ana Souza não está online agora');
  const conversation = { ...client.state.conversation!, state: 'closed' as const };
  client.state = { ...client.state, conversation };
  expect(head()).toEqual(['Atendimento', 'Online']);
});

test('while the connection is cut nothing is said of who is there, and a first attempt is no cut', () => {
  const { client, head, screen } = conversationWith(null, true);
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

test('outside of the hours of a department it is said when they begin: today, tomorrow, a day of the week, a date', () => {
  vi.useFakeTimers({ now: new Date(2026, 10, 30, 7) });
  onTestFinished(() => void vi.useRealTimers());
  const { client, config, head, hint } = conversationWith(null, false);
  config.settings.offline_text = '';
  const tell = (reopens_at: string | null, day: string | null = null) => {
    const closed = { reopens_at, day };
    client.state = apply(client.state, { t: 'attended', conversation: 'c', online: false, closed }).state;
    head();
    return hint();
  };
  const told = (month: number, day: number) => tell(new Date(2026, month, day, 8).toISOString());
  // What holds for the whole connection says nothing of a department.
  client.state = apply(client.state, {
    t: 'status',
    online: false,
    closed: { reopens_at: new Date(2027, 0, 1).toISOString(), day: null },
  }).state;
  expect(told(10, 30)).toMatch(/quando voltarmos\. Voltamos hoje às 08:00\.$/);
  expect(told(11, 1)).toContain('Voltamos amanhã às 08:00.');
  expect(told(11, 4)).toContain('Voltamos sexta-feira às 08:00.');
  expect(told(11, 7)).toContain('Voltamos em 7 de dezembro, às 08:00.');
  // Nobody is told of a time that has passed, or that is not known.
  expect(told(10, 29)).not.toContain('Voltamos');
  expect(tell(null)).not.toContain('Voltamos');
  // T-110: why it is closed.
  expect(tell(null, 'Natal')).toMatch(/quando voltarmos\. Fechado hoje: Natal\.$/);
  expect(tell(new Date(2026, 11, 1, 8).toISOString(), 'Natal')).toMatch(/: Natal\. Voltamos amanhã às 08:00\.$/);
});

test('who would wait for somebody who has gone may turn to others, where others are', () => {
  const { client, head, screen } = conversationWith('Ana Souza', true);
  vi.spyOn(client, 'line', 'get').mockReturnValue('open');
  const asked = vi.spyOn(client, 'returnToQueue').mockImplementation(() => undefined);
  const other = screen.node.querySelector<HTMLButtonElement>('.other')!;
  const isOffered = (online: boolean, others: boolean) => {
    client.state = apply(client.state, { t: 'attended', conversation: 'c', online, others }).state;
    head();
    return !other.hidden;
  };
  expect([isOffered(true, false), isOffered(false, false), isOffered(false, true)]).toEqual([false, false, true]);
  other.click();
  expect(asked).toHaveBeenCalledOnce();
});

test('a page of its own that nobody has touched asks who is there; a framed one is told', async () => {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const asked = vi.fn(async () => Response.json({ online: false, closed: null, departments: [] }));
  vi.stubGlobal('fetch', asked);
  const { config } = panelWith().context;
  const host = { ticket: () => new Promise(() => {}), put: async () => {} };
  const framed = new Client(config, { ...host, isFramed: true } as unknown as Host);
  const own = new Client(config, { ...host, isFramed: false } as unknown as Host);
  await vi.advanceTimersByTimeAsync(5_000);
  expect(asked).toHaveBeenCalledOnce();
  expect([framed.state.online, own.state.online]).toEqual([true, false]);
  // Once it is connected it is told.
  own.connect();
  await vi.advanceTimersByTimeAsync(20_000);
  expect(asked).toHaveBeenCalledOnce();
});

test('it asks about the department that its link names, and what a department looks like stays', async () => {
  vi.useFakeTimers();
  const before = location.href;
  onTestFinished(() => (vi.useRealTimers(), history.replaceState(null, '', before)));
  history.replaceState(null, '', '?name=Marina&department=d2');
  const told = [{ id: 'd2', name: 'Suporte', online: false, closed: { reopens_at: null, day: null } }];
  const asked = vi.fn(async () => Response.json({ online: false, closed: null, departments: told }));
  vi.stubGlobal('fetch', asked);
  const { config } = panelWith().context;
  config.departments = config.departments.map((one) => ({ ...one, looks: { tint: one.id } }));
  const host = { ticket: () => new Promise(() => {}), put: async () => {}, isFramed: false };
  new Client(config, host as unknown as Host);
  await vi.advanceTimersByTimeAsync(5_000);
  expect(asked).toHaveBeenCalledWith(expect.stringMatching(/\/status\?department=d2$/));
  expect(config.departments).toMatchObject([
    { id: 'd1', online: true, looks: { tint: 'd1' } },
    { id: 'd2', online: false, closed: {}, looks: { tint: 'd2' } },
  ]);
});
