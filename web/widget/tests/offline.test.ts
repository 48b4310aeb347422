// A message left while nobody is online: what is asked, what is said, and that what was typed stays until the server has it (T-150, T-153).
import { expect, test, vi } from 'vitest';
import type { Draft } from '../src/panel/prefs';
import { offline } from '../src/panel/ui/offline';
import { control, fill, panelWith } from './screens';

document.documentElement.lang = 'pt-BR';

type Answer = [status: number, body: object] | null;

function opened(answers: Answer[], filled: Draft = {}) {
  const { context } = panelWith();
  const { config } = context;
  config.departments = [
    { id: 'd1', name: 'Vendas', online: false },
    { id: 'd2', name: 'Suporte', online: false },
  ];
  config.files = null;
  const sent: Record<string, unknown>[] = [];
  const kept: Draft[] = [];
  const left = vi.fn();
  const ask = (method: string, path: string, body?: string | Blob) => {
    expect([method, path]).toEqual(['POST', 'offline-messages']);
    sent.push(JSON.parse(body as string) as Record<string, unknown>);
    const answer = answers.shift() ?? null;
    return Promise.resolve(answer && new Response(JSON.stringify(answer[1]), { status: answer[0] }));
  };
  const lent = {
    known: filled,
    page: { url: 'https://loja.test/', title: 'Loja' },
    where: {},
    save: (draft: Draft) => void kept.push(draft),
    ends: [document.createElement('button'), false] as [HTMLElement, false],
    write: () => {},
    stored: left,
  };
  const [node] = offline(config, ask, lent);
  document.body.replaceChildren(node);
  const write = () => {
    fill(control(node, 'name'), 'Marina');
    fill(control(node, 'email'), 'marina@exemplo.test');
    fill(control(node, 'department'), 'd2');
    fill(control(node, 'message'), 'Quero a segunda via');
  };
  const send = async () => {
    node.dispatchEvent(new Event('submit', { cancelable: true }));
    await vi.waitFor(() => expect(node.querySelector<HTMLButtonElement>('.primary')?.disabled ?? false).toBe(false));
  };
  return { node, sent, kept, left, write, send };
}

test('it says that the answer comes by e-mail, and asks for the address before anything is sent', async () => {
  const { node, sent, send } = opened([]);
  expect(node.textContent).toContain('Respondemos por e-mail.');
  await send();
  expect(sent).toEqual([]);
  expect(node.querySelector('#error-email')!.textContent).toBe('Informe seu e-mail para podermos responder.');
  fill(control(node, 'email'), 'marina');
  await send();
  expect(node.querySelector('#error-email')!.textContent).not.toBe('');
});

test('what was left is thanked for, with the address to which the answer comes', async () => {
  const { node, sent, kept, left, write, send } = opened([[201, { is_kept: true }]]);
  write();
  await send();
  const { id, ...body } = sent[0]!;
  expect(id).toMatch(/^[0-9a-f-]{36}$/);
  expect(body).toEqual({
    name: 'Marina',
    email: 'marina@exemplo.test',
    department: 'd2',
    text: 'Quero a segunda via',
    files: [],
    page: { url: 'https://loja.test/', title: 'Loja' },
  });
  expect(node.textContent).toContain('A resposta chega por e-mail em marina@exemplo.test.');
  expect(left).toHaveBeenCalledWith({ name: 'Marina', email: 'marina@exemplo.test' });
  expect(kept.at(-1)).toEqual({});
});

test('what did not come through stays, and is sent again as the same', async () => {
  const { node, sent, kept, write, send } = opened([null, [503, {}], [201, {}]]);
  write();
  await send();
  expect(node.querySelector('.fault')!.textContent).toContain('O que você escreveu está guardado');
  expect(control(node, 'message').value).toBe('Quero a segunda via');
  expect(kept.at(-1)).toMatchObject({ message: 'Quero a segunda via' });
  await send();
  await send();
  expect(new Set(sent.map(({ id }) => id)).size).toBe(1);
  expect(node.textContent).toContain('Mensagem recebida');
});

test('what the server refuses is said where it is; too many is said as the server says it', async () => {
  const fields = [{ field: 'text', code: 'too_long', message: 'Longo demais.' }];
  const limited = { error: { code: 'too_many_requests', message: 'Tente daqui a pouco.' } };
  const { node, write, send } = opened([
    [422, { error: { code: 'validation_failed', message: 'x', fields } }],
    [429, limited],
  ]);
  write();
  await send();
  expect(node.querySelector('#error-message')!.textContent).toBe('Longo demais.');
  fill(control(node, 'message'), 'Curto');
  await send();
  expect(node.querySelector('.fault')!.textContent).toBe('Tente daqui a pouco.');
});

test('a text that was changed after an attempt that had arrived is another message', async () => {
  const reused = { error: { code: 'client_id_reused', message: 'x' } };
  const { sent, write, send } = opened([null, [409, reused], [201, {}]]);
  write();
  await send();
  await send();
  expect(sent).toHaveLength(3);
  expect(sent[2]!.id).not.toBe(sent[0]!.id);
});

test('what was written before stands there', () => {
  const { node } = opened([], { name: 'Rui', message: 'Oi' });
  expect([control(node, 'name').value, control(node, 'message').value]).toEqual(['Rui', 'Oi']);
});
