// What the company asks of who writes: before a message is left while nobody is there, and where the server asks for it first.
import { beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import { app } from '../src/panel/ui/app';
import { control, fill, initOf, panelWith, type World } from './screens';

const privacy = { consent: 'required' as const, text: 'Guardamos por dois anos.', url: '' };
const refusal = {
  code: 'invalid',
  message: 'Confira os campos destacados.',
  fields: [{ field: 'form.consent', code: 'consent_required', message: 'É preciso concordar.' }],
};

const heads = () => [...document.querySelectorAll('.screen')].map((one) => one.querySelector('h1')!.textContent);
const press = (text: string) =>
  [...document.querySelectorAll('button')].find((one) => `${one.textContent}${one.ariaLabel}`.includes(text))!.click();
const submit = () => document.querySelector('form.screen')!.dispatchEvent(new Event('submit', { cancelable: true }));

let world: World;
let items: World['items'];

beforeEach(() => {
  vi.stubGlobal('WebSocket', class {});
  document.documentElement.lang = 'pt-BR';
  document.body.replaceChildren();
});

function open(change: object, kept: Record<string, string> = {}): World['context']['client'] {
  world = panelWith(kept);
  items = world.items;
  const { config, client } = world.context;
  config.departments = [];
  config.files = null;
  Object.assign(config.settings, { ask_name: false, ask_email: false });
  Object.assign(config, change);
  app(world.context, initOf(world));
  return client;
}

/** Somebody whose last conversation is over writes on below it. */
async function writeOn(change: object) {
  const client = open(change);
  client.send('Voltei', world.context.prefs.form());
  client.outbox.refused(client.outbox.items[0]!.id, refusal);
  await vi.waitFor(() => expect(document.querySelector('form.screen .error:not([hidden])')?.textContent).toBeTruthy());
  return client;
}

const agree = () =>
  vi.waitFor(() => expect(document.querySelector('form .primary')!.textContent).toBe('Concordo e quero continuar'));

test('who agrees while nobody is there comes to the offline message, and each screen stands alone', async () => {
  const client = open({ privacy, offline_messages: true });
  client.state = { ...client.state, online: false };
  // Pressed twice on a slow network, too.
  press('Enviar uma mensagem');
  press('Enviar uma mensagem');
  await vi.waitFor(() => expect(heads()).toEqual(['Seus dados']));
  await vi.dynamicImportSettled();
  press('Voltar ao início');
  expect(heads()).toHaveLength(1);
  expect(heads()).not.toEqual(['Seus dados']);
  press('Enviar uma mensagem');
  await vi.waitFor(() => expect(heads()).toEqual(['Seus dados']));
  press('Concordo');
  await vi.waitFor(() => expect(heads()).toEqual(['Deixe uma mensagem']));
  expect(JSON.parse(items.p!)).toEqual({ consent: 'yes' });
  press('Voltar ao início');
  expect(heads()).toHaveLength(1);
});

test('where the server asks for it first, the message comes back with what is asked, and sending it agrees', async () => {
  const client = await writeOn({ privacy });
  await agree();
  const form = document.querySelector('form.screen')!;
  expect(form.textContent).toContain('É preciso concordar.');
  expect(form.textContent).toContain(privacy.text);
  expect(control(document.body, 'message').value).toBe('Voltei');
  submit();
  expect(client.outbox.items).toMatchObject([{ text: 'Voltei', form: { consent: 'yes' } }]);
  expect(items.p).toBeUndefined();
  client.outbox.settle(client.outbox.items[0]!.id);
  expect(JSON.parse(items.p!)).toEqual({ consent: 'yes' });
});

test('a page that is older than the wish shows what is asked now', async () => {
  const now = { privacy: { ...privacy, text: 'Novo texto.' } };
  const page = `<html><script type="application/json" id="config">${JSON.stringify(now)}</script></html>`;
  const asked = vi.fn(async (address: string) => {
    if (address === location.href) return new Response(page);
    throw new TypeError('no network');
  });
  vi.stubGlobal('fetch', asked);
  await writeOn({});
  await agree();
  expect(document.querySelector('form.screen')!.textContent).toContain('Novo texto.');
});

test('nobody agrees to what did not come through, and may send again', async () => {
  const fetch = vi.fn(async () => Promise.reject(new TypeError('no network')));
  vi.stubGlobal('fetch', fetch);
  const client = await writeOn({});
  await vi.waitFor(() => expect(fetch).toHaveBeenCalledWith(location.href, expect.anything()));
  expect(document.querySelector('form.screen')!.textContent).toContain('É preciso concordar.');
  submit();
  expect(client.outbox.items[0]!.form?.consent).toBeUndefined();
});

test('a refusal says what is wrong with its field', async () => {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const client = open({});
  client.send('x');
  const fields = [{ field: 'text', code: 'too_long', message: 'Longo demais.' }];
  client.outbox.refused(client.outbox.items[0]!.id, { ...refusal, fields });
  press('Enviar uma mensagem');
  expect(document.querySelector('.refused')!.textContent).toContain('Longo demais.');
});

test('an offline message that is refused for it agrees by its own button', async () => {
  const client = open({ offline_messages: true });
  const { config } = world.context;
  client.state = { ...client.state, online: false };
  const sent: { id: string; consent?: string }[] = [];
  const answers = [
    Response.json({ error: { ...refusal, fields: [{ ...refusal.fields[0], field: 'consent' }] } }, { status: 422 }),
  ];
  Object.assign(client, {
    ask: async (_method: string, _path: string, body: string) => {
      sent.push(JSON.parse(body));
      return answers.shift() ?? Response.json({}, { status: 201 });
    },
  });
  press('Enviar uma mensagem');
  await vi.waitFor(() => expect(heads()).toEqual(['Deixe uma mensagem']));
  // Required since the page came.
  config.privacy = privacy;
  for (const [name, value] of Object.entries({ name: 'Rui', email: 'rui@exemplo.test', message: 'Oi' }))
    fill(control(document.body, name), value);
  submit();
  await agree();
  expect(document.querySelector('form.screen')!.textContent).toContain(privacy.text);
  submit();
  await vi.waitFor(() => expect(document.body.textContent).toContain('Mensagem recebida'));
  expect(sent.map(({ consent }) => consent)).toEqual([undefined, 'yes']);
  expect(new Set(sent.map(({ id }) => id)).size).toBe(1);
  expect(JSON.parse(items.p!)).toEqual({ name: 'Rui', email: 'rui@exemplo.test', consent: 'yes' });
});

test('choosing a department while consent is asked leaves the form where it is: one press sends', async () => {
  const departments = [
    { id: 'd1', name: 'Vendas', online: true },
    { id: 'd2', name: 'Suporte', online: true },
  ];
  const client = await writeOn({ privacy, departments });
  await agree();
  const choice = control(document.body, 'department');
  fill(choice, 'd2');
  choice.dispatchEvent(new Event('change'));
  await vi.dynamicImportSettled();
  expect(heads()).toEqual(['Enviar uma mensagem']);
  press('Concordo');
  expect(client.outbox.items).toMatchObject([{ text: 'Voltei', form: { consent: 'yes', department: 'd2' } }]);
});

test('who has agreed on the way back to the form is not asked there once more', async () => {
  await writeOn({ privacy });
  await agree();
  press('Voltar ao início');
  press('Enviar uma mensagem');
  await vi.waitFor(() => expect(heads()).toEqual(['Seus dados']));
  press('Concordo');
  expect(JSON.parse(items.p!)).toEqual({ consent: 'yes' });
});

test('where something else is refused first, consent is asked for along with it', async () => {
  const client = open({ privacy });
  client.send('Voltei', world.context.prefs.form());
  const fields = [{ field: 'form.name', code: 'required', message: 'Diga seu nome.' }];
  client.outbox.refused(client.outbox.items[0]!.id, { ...refusal, fields });
  await agree();
  const form = document.querySelector('form.screen')!;
  expect(form.textContent).toContain(privacy.text);
  fill(control(document.body, 'name'), 'Rosa Lima');
  press('Concordo');
  expect(client.outbox.items).toMatchObject([{ text: 'Voltei', form: { consent: 'yes', name: 'Rosa Lima' } }]);
});
