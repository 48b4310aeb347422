// What system lines say.
import { expect, it } from 'vitest';
import { eventText } from '../src/features/conversations/lines';
import { i18n } from '../src/i18n/i18n.svelte';

it('a late message is the visitor writing again, in lines of before too', async () => {
  await i18n.use('pt-BR');
  const said = (code: 'reopened' | 'reopened_by_visitor', name: string | null) =>
    eventText({ code, name, target: null });
  expect(said('reopened_by_visitor', null)).toBe('O visitante escreveu de novo e reabriu a conversa');
  expect(said('reopened', null)).toBe('O visitante escreveu de novo e reabriu a conversa');
  expect(said('reopened', 'Ana')).toBe('Ana reabriu a conversa');
});
