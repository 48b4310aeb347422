// Addresses become links only when they are safe ones.
import { describe, expect, it } from 'vitest';
import { hueOf } from '../src/hue';
import { initialsOf } from '../src/initials';
import { partsOf } from '../src/links';

const links = (text: string) => partsOf(text).flatMap((part) => (part.kind === 'link' ? [part.href] : []));

describe('partsOf', () => {
  it.each([
    ['veja https://loja.com.br/pedido?id=1.', ['https://loja.com.br/pedido?id=1']],
    ['(www.loja.com.br)', ['https://www.loja.com.br/']],
    ['https://pt.wikipedia.org/wiki/Balcão_(móvel)', ['https://pt.wikipedia.org/wiki/Balc%C3%A3o_(m%C3%B3vel)']],
    ['javascript:alert(1) data:text/html,x ftp://a.b', []],
    ['http://', []],
    ['https://a.br e http://b.br', ['https://a.br/', 'http://b.br/']],
  ])('%s', (text, expected) => expect(links(text)).toEqual(expected));

  it('loses nothing of the text', () => {
    const text = 'a https://b.com, c www.d.com! <e>';
    expect(
      partsOf(text)
        .map((part) => part.text)
        .join(''),
    ).toBe(text);
  });
});

describe('faces', () => {
  it('initials come from the first and last word', () => {
    expect(['Marina Ribeiro', 'ana', 'Visitante 3071', 'João da Silva', ''].map(initialsOf)).toEqual([
      'MR',
      'A',
      'V3',
      'JS',
      '?',
    ]);
    expect(['Loja da Lia', ' - élan & 3 irmãos', '𝒜na@vila.com', '(Lia) ½ x', 'ana ana', '…'].map(initialsOf)).toEqual([
      'LL',
      'ÉI',
      '𝒜',
      '½X',
      'AA',
      '?',
    ]);
  });

  it('a hue stays with its id', () => {
    expect(hueOf('x')).toBe(hueOf('x'));
    expect(new Set(Array.from({ length: 200 }, (_, index) => hueOf(`id-${index}`))).size).toBe(8);
  });
});
