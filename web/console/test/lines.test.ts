// What system lines say, and files in lists.
import { expect, it } from 'vitest';
import { eventText, lastLineText } from '../src/features/conversations/lines';
import { detailOf, problemText, withKind } from '../src/features/files/words';
import { filesOf, limitTexts } from '../src/features/workspaces/limits';
import { i18n } from '../src/i18n/i18n.svelte';

it('a late message is the visitor writing again, in lines of before too', async () => {
  await i18n.use('pt-BR');
  const said = (code: 'reopened' | 'reopened_by_visitor', name: string | null) =>
    eventText({ code, name, target: null });
  expect(said('reopened_by_visitor', null)).toBe('O visitante escreveu de novo e reabriu a conversa');
  expect(said('reopened', null)).toBe('O visitante escreveu de novo e reabriu a conversa');
  expect(said('reopened', 'Ana')).toBe('Ana reabriu a conversa');
});

it('whoever moves a conversation to themselves takes it over', async () => {
  await i18n.use('pt-BR');
  const moved = (target: string) => eventText({ code: 'transferred', name: 'Rita', target });
  expect(moved('Rita')).toBe(eventText({ code: 'taken', name: 'Rita', target: null }));
  expect(moved('Bruno')).toContain('Bruno');
});

it('a file is said by its kind, before its text', async () => {
  await i18n.use('pt-BR');
  expect(withKind('image', '')).toBe('Foto');
  expect(withKind('file', 'Segue o boleto')).toBe('Arquivo · Segue o boleto');
  expect(withKind(null, 'Oi')).toBe('Oi');
  expect(detailOf({ size: 3_440_000, duration_ms: 12_000 })).toBe('0:12 · 3,4 MB');
});

it('a document alone is said by its name', async () => {
  await i18n.use('pt-BR');
  const last = { kind: 'text', from: 'visitor', name: null, at: '2026-11-20T12:00:00Z' } as const;
  const said = (own: { text: string; file: 'file' | 'image'; file_name: string }) =>
    lastLineText({ last_message: { ...last, ...own }, last_position: 1 });
  expect(said({ text: '', file: 'file', file_name: 'contrato.pdf' })).toBe('contrato.pdf');
  expect(said({ text: 'Segue', file: 'file', file_name: 'contrato.pdf' })).toBe('Arquivo · Segue');
  expect(said({ text: '', file: 'image', file_name: 'IMG_0001.jpg' })).toBe('Foto');
});

// P-122
it('a file that is too large names the limit, and that the message is kept', async () => {
  await i18n.use('pt-BR');
  expect(problemText({ code: 'too_large', limit: 10 }, 'foto.jpg')).toBe(
    'Não foi possível anexar “foto.jpg”: o limite é 10 MB. Sua mensagem foi mantida.',
  );
});

it('limits are numbers for the server, and what is none is left to its refusal', () => {
  expect(limitTexts({ image_mb: 10, video_mb: 50, audio_mb: 16, file_mb: 50 }).audio_mb).toBe('16');
  expect(filesOf({})).toBeNull();
  expect(filesOf({ image_mb: ' 5 ', video_mb: 'dez', file_mb: '-5' })).toEqual({
    image_mb: 5,
    video_mb: 65_535,
    file_mb: 65_535,
  });
});

it('what was erased is said in the lists as in the conversation', async () => {
  await i18n.use('pt-BR');
  expect(lastLineText({ last_message: null, last_position: 3 })).toBe('Conteúdo apagado');
  expect(lastLineText({ last_message: null, last_position: 0 })).toBe('Sem mensagens');
});
