// Which parts of a message become links, and which never do.
import { expect, test } from 'vitest';
import { pieces } from '../src/panel/ui/links';

const links = (text: string) => pieces(text).filter((piece) => piece.href);

test('a plain text is one piece', () => {
  expect(pieces('Oi, tudo bem?')).toEqual([{ text: 'Oi, tudo bem?' }]);
});

test('addresses with and without scheme, and e-mail, become links', () => {
  expect(pieces('veja https://a.com.br/x?y=1#z e www.b.com ou c.d+e@f.co')).toEqual([
    { text: 'veja ' },
    { text: 'https://a.com.br/x?y=1#z', href: 'https://a.com.br/x?y=1#z' },
    { text: ' e ' },
    { text: 'www.b.com', href: 'https://www.b.com/' },
    { text: ' ou ' },
    { text: 'c.d+e@f.co', href: 'mailto:c.d+e@f.co' },
  ]);
});

test('sentence marks and unopened brackets stay outside', () => {
  expect(links('(veja https://a.com/b_(c)).').map((piece) => piece.text)).toEqual(['https://a.com/b_(c)']);
  expect(links('https://a.com/x, https://a.com/y!').map((piece) => piece.text)).toEqual([
    'https://a.com/x',
    'https://a.com/y',
  ]);
});

test('nothing but http, https and mailto is ever linked', () => {
  for (const text of [
    'javascript:alert(1)',
    'data:text/html,x',
    'vbscript:x',
    'https://',
    'http:///x',
    'file:///etc',
  ]) {
    expect(links(text), text).toEqual([]);
  }
});

test('no character of the text is lost', () => {
  const text = 'a https://x.com, <b>www.y.com</b> z@w.io. https://[ fim';
  expect(
    pieces(text)
      .map((piece) => piece.text)
      .join(''),
  ).toBe(text);
});

test('a very long text takes no noticeable time', () => {
  const start = performance.now();
  pieces('a.'.repeat(5000) + '@' + 'b-'.repeat(5000) + 'https://' + '('.repeat(5000));
  expect(performance.now() - start).toBeLessThan(500);
});
