// Words of a search in a text: whole rules of what is found and what is marked.
import { describe, expect, it } from 'vitest';
import { hasWords, wordExcerpt, wordParts, wordsOf } from '../src/words';

const marked = (text: string, search: string) =>
  wordParts(text, wordsOf(search))
    .map((part) => (part.isHit ? `[${part.text}]` : part.text))
    .join('');

describe('words of a search', () => {
  it('case and accents do not matter, and a word may be the beginning of one', () => {
    expect(marked('A conexão caiu ontem', 'CONEX on')).toBe('A [conex]ão caiu [on]tem');
    expect(marked('Água e agua', 'águ')).toBe('[Águ]a e [agu]a');
    expect(marked('desconexo', 'conex')).toBe('desconexo');
  });

  it('accents as signs of their own stay with their letter', () => {
    expect(marked('cafe\u0301 frio', 'café')).toBe('[cafe\u0301] frio');
  });

  it('every word has to be there', () => {
    expect(hasWords('Boleto de novembro', wordsOf('nov boleto'))).toBe(true);
    expect(hasWords('Boleto de outubro', wordsOf('nov boleto'))).toBe(false);
    expect(hasWords('Boleto', wordsOf(' ?! '))).toBe(false);
  });

  it('the excerpt begins shortly before what was found', () => {
    const text = `${'palavra '.repeat(20)}boleto pago`;
    expect(wordExcerpt(text, ['boleto'])).toMatch(/^…(palavra ){2,5}boleto pago$/);
    expect(wordExcerpt('boleto pago', ['boleto'])).toBe('boleto pago');
  });
});
