// The offer of a copy: shown where there is one, to whom it goes before anything is sent, and what became of it.
import { expect, test } from 'vitest';
import { copy } from '../src/panel/ui/copy';

document.documentElement.lang = 'pt-BR';

const answered = (status: number, body: unknown) => new Response(JSON.stringify(body), { status });

/** The offer as it stands after a first answer; `next` answers what is asked for. */
async function offered(first: Response | null, next: (Response | null)[] = []) {
  const sent: unknown[] = [];
  const answers = [first, ...next];
  const ask = (method: string, path: string, body?: string | Blob) => {
    sent.push([method, path, body === undefined ? null : JSON.parse(body as string)]);
    return Promise.resolve(answers.shift() ?? null);
  };
  const node = copy(ask, 'c');
  document.body.replaceChildren(node);
  const settled = () => new Promise((done) => setTimeout(done));
  await settled();
  const press = async (text: string) => {
    [...node.querySelectorAll('button')].find((one) => one.textContent === text)!.click();
    await settled();
  };
  const fault = () => node.querySelector('.fault')!.textContent;
  return { node, sent, press, fault };
}

test('a known address is named in part and confirmed before anything is sent', async () => {
  const to = { to: 'j•••@example.com' };
  const { node, sent, press } = await offered(answered(200, to), [answered(202, to)]);
  expect(node.hidden).toBe(false);
  await press('Receber cópia por e-mail');
  expect(node.querySelector('input')).toBeNull();
  expect(node.textContent).toContain('Enviamos a cópia desta conversa para j•••@example.com?');
  await press('Agora não');
  expect(document.activeElement?.textContent).toBe('Receber cópia por e-mail');
  await press('Receber cópia por e-mail');
  expect(sent).toHaveLength(1);
  await press('Enviar cópia');
  expect(sent).toEqual([
    ['GET', 'conversations/c/copy', null],
    ['POST', 'conversations/c/copy', {}],
  ]);
  expect(node.querySelector('[role=status]')!.textContent).toBe(
    'A cópia está a caminho de j•••@example.com. Pode levar alguns minutos.',
  );
});

test('an address that is not known is asked for, and what is wrong with it said at it', async () => {
  const { node, sent, press, fault } = await offered(answered(200, { to: null }), [
    answered(422, {}),
    null,
    answered(202, { to: 'm•••@example.com' }),
  ]);
  await press('Receber cópia por e-mail');
  const field = node.querySelector('input')!;
  expect(node.querySelector<HTMLLabelElement>('label')!.control).toBe(field);
  field.value = 'marina';
  await press('Enviar cópia');
  expect(fault()).toBe('Confira o e-mail. Exemplo: nome@empresa.com');
  expect(field.ariaInvalid).toBe('true');
  expect(document.activeElement).toBe(field);
  field.value = 'marina@example.com';
  await press('Enviar cópia');
  expect(fault()).toBe('Não deu para pedir a cópia. Tente de novo.');
  expect(field.ariaInvalid).toBe('false');
  await press('Enviar cópia');
  expect(sent.at(-1)).toEqual(['POST', 'conversations/c/copy', { email: 'marina@example.com' }]);
  expect(node.textContent).toContain('a caminho de m•••@example.com');
});

test.each([409, 429])('too many are refused in words: %i', async (status) => {
  const { press, fault } = await offered(answered(200, { to: 'j•••@example.com' }), [answered(status, {})]);
  await press('Receber cópia por e-mail');
  await press('Enviar cópia');
  expect(fault()).toMatch(/^Não dá para enviar mais cópias agora/);
});

test('where there is none, nothing is offered', async () => {
  for (const answer of [answered(409, {}), null]) expect((await offered(answer)).node.hidden).toBe(true);
});
