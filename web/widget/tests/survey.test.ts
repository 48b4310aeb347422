// The survey at the end of a conversation: a grade before anything is sent, thanks after it, nothing where it is too late (T-181, T-183).
import { expect, test, vi } from 'vitest';
import { survey } from '../src/panel/ui/survey';
import { panelWith } from './screens';

vi.stubGlobal('WebSocket', class {});
document.documentElement.lang = 'pt-BR';

function asked(status: number | null) {
  const { context } = panelWith();
  const { client } = context;
  const expires_at = new Date(Date.now() + 86_400_000).toISOString();
  const conversation = {
    id: 'c',
    state: 'closed',
    survey: { question: 'Gostou?', lowest: 1, highest: 3, expires_at },
  } as never;
  client.state = { ...client.state, conversation };
  const sent: unknown[] = [];
  const answer = status === null ? null : new Response(null, { status });
  Object.defineProperty(client, 'ask', {
    value: (method: string, path: string, body: string) => {
      sent.push([method, path, JSON.parse(body)]);
      return Promise.resolve(answer);
    },
  });
  const rated = vi.fn();
  const node = survey(client, rated)!;
  document.body.replaceChildren(node);
  const press = async (text: string) => {
    [...node.querySelectorAll('button')].find((one) => one.textContent === text)!.click();
    await vi.waitFor(() => expect(sent).toHaveLength(1));
    await new Promise((done) => setTimeout(done));
  };
  return { node, sent, press, rated };
}

test('a grade is chosen before it is sent, with a comment where somebody likes', async () => {
  const { node, sent, press, rated } = asked(204);
  expect(node.textContent).toContain('Gostou?');
  expect([...node.querySelectorAll('input')].map((one) => one.value)).toEqual(['1', '2', '3']);
  expect(node.querySelector<HTMLButtonElement>('.primary')!.disabled).toBe(true);
  expect(node.querySelector<HTMLElement>('.more')!.hidden).toBe(true);
  node.querySelectorAll('input')[2]!.click();
  node.querySelector('textarea')!.value = 'Muito bom';
  await press('Enviar avaliação');
  expect(sent).toEqual([['PUT', 'conversations/c/rating', { grade: 3, comment: 'Muito bom' }]]);
  expect(node.textContent).toBe('Obrigado pela avaliação!');
  expect(rated).toHaveBeenCalledOnce();
});

test('it can be left out, and goes without thanks; so does one that came too late', async () => {
  const skipped = asked(204);
  await skipped.press('Agora não');
  expect(skipped.sent).toEqual([['PUT', 'conversations/c/rating', { grade: null, comment: '' }]]);
  expect(skipped.node.isConnected).toBe(false);
  expect(skipped.rated).not.toHaveBeenCalled();
  const late = asked(409);
  late.node.querySelector('input')!.click();
  await late.press('Enviar avaliação');
  expect(late.node.isConnected).toBe(false);
});

test('what did not come through stands there to be sent again', async () => {
  const { node, press } = asked(null);
  node.querySelector('input')!.click();
  await press('Enviar avaliação');
  expect(node.querySelector<HTMLElement>('.fault')!.textContent).toBe('Não deu para enviar. Tente de novo.');
  expect(node.querySelector<HTMLButtonElement>('.primary')!.disabled).toBe(false);
  expect(node.querySelector('input')!.checked).toBe(true);
});
