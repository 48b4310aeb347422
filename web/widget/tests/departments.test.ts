// The choice of a department says who is there now, not who was there when the page was loaded (T-132); and where one waits is said.
import { expect, test, vi } from 'vitest';
import { chat } from '../src/panel/ui/chat';
import { eventText } from '../src/panel/ui/rows';
import { control, fill, formOf, panelWith } from './screens';

vi.stubGlobal('WebSocket', class {});

const optionsOf = (node: HTMLElement) =>
  [...node.querySelectorAll<HTMLOptionElement>('#field-department option')].map((option) => option.textContent);

/** A form on a page that was loaded when both departments were there; `told`: those that the server names now. */
async function formWith(told: object, items: Record<string, string> = {}) {
  const sockets: { onmessage?: (event: { data: string }) => void }[] = [];
  vi.stubGlobal(
    'WebSocket',
    class {
      constructor() {
        sockets.push(this);
      }
    },
  );
  const { context } = panelWith(items);
  const screen = formOf(context);
  context.client.onChange = context.redraw = () => screen.update();
  context.client.connect();
  await vi.waitFor(() => expect(sockets).toHaveLength(1));
  const says = (frame: object) => sockets[0]?.onmessage?.({ data: JSON.stringify(frame) });
  says({ t: 'welcome', online: true, resumed: false, conversation: null, entries: [], earlier: false, ...told });
  return { screen, context, says };
}

test('a department that has emptied since the page was loaded is shown so, and choosing it says what to expect', async () => {
  const { screen, context } = await formWith({ departments: ['d1'] });
  context.config.settings.offline_text = 'Voltamos amanhã às 8h.';
  expect(optionsOf(screen.node).slice(1)).toEqual(['Vendas', 'Suporte (ninguém online)']);
  const choice = control(screen.node, 'department');
  fill(choice, 'd2');
  choice.dispatchEvent(new Event('change'));
  expect(screen.node.querySelector('.intro')!.textContent).toBe('Voltamos amanhã às 8h.');
  fill(choice, 'd1');
  choice.dispatchEvent(new Event('change'));
  expect(screen.node.querySelector('.intro')!.textContent).toBe('Antes de começar, conte quem você é.');
});

test('what has been chosen stays chosen while departments come and go, and nothing is asked for that is told', async () => {
  const asked = vi.fn();
  vi.stubGlobal('fetch', asked);
  const { screen, says } = await formWith({ departments: [] }, { d: JSON.stringify({ department: 'd2' }) });
  expect(optionsOf(screen.node).slice(1)).toEqual(['Vendas (ninguém online)', 'Suporte (ninguém online)']);
  says({ t: 'status', online: true, departments: ['d2'] });
  expect(optionsOf(screen.node).slice(1)).toEqual(['Vendas (ninguém online)', 'Suporte']);
  expect(control(screen.node, 'department').value).toBe('d2');
  says({ t: 'status', online: true, departments: ['d1'] });
  expect(optionsOf(screen.node).slice(1)).toEqual(['Vendas', 'Suporte (ninguém online)']);
  expect(asked).not.toHaveBeenCalled();
});

test('the head says which place in the queue one has, in words where it is not known', () => {
  const { context } = panelWith();
  const conversation = { id: 'c', state: 'queue', agent: null, attended: true } as never;
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
