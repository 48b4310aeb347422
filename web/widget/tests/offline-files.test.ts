// Files of a message that is left while nobody is online: nothing that was added is lost, whatever an earlier attempt has left (T-150).
import { beforeEach, expect, test, vi } from 'vitest';
import type { Upload } from '../src/panel/protocol';
import { offline } from '../src/panel/ui/offline';
import { control, fill, panelWith } from './screens';

const parts = vi.hoisted(() => ({ bring: vi.fn(), forget: vi.fn(async (_key: string) => {}), tray: vi.fn() }));
vi.mock('../src/panel/ui/attach', () => parts);

type Sent = { id: string; files: string[] };

let chosen: string[] = [];
let sent: Sent[] = [];
/** The server keeps what is left, and files are in one message only; `lost`: so many answers do not come back. */
let lost = 0;
const left = new Map<string, string>();
const taken = new Set<string>();

function serve(body: string): Response | null {
  const { id, ...rest } = JSON.parse(body) as Sent;
  sent.push({ id, files: rest.files });
  const refused = (status: number, error: object) => Response.json({ error }, { status });
  const said = JSON.stringify(rest);
  if (left.has(id) && left.get(id) !== said) return refused(409, { code: 'client_id_reused', message: 'x' });
  if (!left.has(id)) {
    if (rest.files.some((file) => taken.has(file)))
      return refused(422, { code: 'invalid', message: 'x', fields: [{ field: 'files', message: 'Escolha de novo.' }] });
    left.set(id, said);
    for (const file of rest.files) taken.add(file);
  }
  return lost-- > 0 ? null : Response.json({}, { status: 201 });
}

beforeEach(() => {
  document.documentElement.lang = 'pt-BR';
  chosen = [];
  sent = [];
  lost = 0;
  left.clear();
  taken.clear();
  parts.forget.mockClear();
  parts.bring.mockReset().mockImplementation(async ({ key, name }: Upload) => ({ id: 'f-' + key, name, url: 'x' }));
  parts.tray.mockReset().mockImplementation(() => ({
    toggle: () => {},
    isBusy: () => false,
    grab: () => [chosen.splice(0).map((key) => ({ key, name: key + '.txt' })), Promise.resolve()],
  }));
});

async function opened() {
  const { config } = panelWith().context;
  config.departments = [];
  const ask = async (_method: string, _path: string, body?: string | Blob) => serve(body as string);
  const [node] = offline({ ...config, files: { image: 1, video: 1, audio: 1, file: 1 } }, ask, {
    known: {},
    page: undefined,
    where: {},
    save: () => {},
    ends: [document.createElement('button'), false],
    write: () => {},
    stored: () => {},
  });
  document.body.replaceChildren(node);
  for (const [name, value] of Object.entries({ name: 'Rui', email: 'rui@exemplo.test', message: 'Segue' }))
    fill(control(node, name), value);
  node.querySelector<HTMLElement>('.adding .link')!.click();
  await vi.waitFor(() => expect(parts.tray).toHaveBeenCalled());
  const send = async () => {
    node.dispatchEvent(new Event('submit', { cancelable: true }));
    await vi.waitFor(() => expect(node.querySelector<HTMLButtonElement>('.primary')?.disabled ?? false).toBe(false));
  };
  return { node, send };
}

test('a file that is added after an attempt that had arrived comes in a message of its own', async () => {
  const { node, send } = await opened();
  chosen = ['a'];
  lost = 1;
  await send();
  chosen = ['b'];
  await send();
  expect(node.textContent).toContain('Mensagem recebida');
  expect(taken).toEqual(new Set(['f-a', 'f-b']));
  expect(left.size).toBe(2);
});

test('what an attempt that never arrived would have brought is brought', async () => {
  const { node, send } = await opened();
  lost = 1;
  await send();
  chosen = ['a'];
  // The second does not even come to the server.
  parts.bring.mockImplementationOnce(async () => null);
  await send();
  expect(node.querySelector('.fault')!.textContent).toContain('Não deu para enviar');
  await send();
  expect(node.textContent).toContain('Mensagem recebida');
  expect(taken).toEqual(new Set(['f-a']));
});

test('a file that did not come through waits for the next attempt, and none stays in the browser once it is there', async () => {
  const { send } = await opened();
  chosen = ['a', 'b'];
  parts.bring.mockImplementationOnce(async () => null);
  await send();
  expect(sent).toEqual([]);
  await send();
  expect(sent.map(({ files }) => files)).toEqual([['f-a', 'f-b']]);
  expect(parts.forget.mock.calls.map(([key]) => key)).toEqual(['a', 'b']);
});
