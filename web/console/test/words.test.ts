// Small pure rules: user agents, addresses, domains, the webchat's form.
import { describe, expect, it } from 'vitest';
import { browserOf, pathOf } from '../src/features/conversations/browser';
import { domainsOf } from '../src/features/connections/domains';
import { previewAddress, previewed } from '../src/features/connections/preview';
import { newWebchat, toChange } from '../src/features/connections/webchat';
import { contactName, firstName } from '../src/features/contacts/names';

describe('browserOf', () => {
  it.each([
    [
      'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/131.0.0.0 Safari/537.36',
      'Chrome 131 · Windows',
    ],
    [
      'Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/131.0.0.0 Safari/537.36 Edg/131.0.0.0',
      'Edge 131 · Windows',
    ],
    ['Mozilla/5.0 (X11; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0', 'Firefox 132 · Linux'],
    [
      'Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605 Version/18.1 Mobile/15E148 Safari/604.1',
      'Safari 18 · iOS',
    ],
    [
      'Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 SamsungBrowser/26.0 Chrome/122 Mobile Safari/537.36',
      'Samsung Internet 26 · Android',
    ],
    ['curl/8.0', 'curl/8.0'],
  ])('%s', (agent, expected) => expect(browserOf(agent)).toBe(expected));
});

describe('addresses', () => {
  it('a page is named by what an agent can read', () => {
    expect(pathOf('https://loja.com.br/planos?utm=1#x')).toBe('loja.com.br/planos');
    expect(pathOf('https://loja.com.br/')).toBe('loja.com.br');
    expect(pathOf('not an address')).toBe('not an address');
  });

  it('domains are taken out of whatever is pasted, once each', () => {
    expect(domainsOf('https://Loja.com.br/planos, *.loja.com.br\nloja.com.br; ')).toEqual([
      'loja.com.br',
      '*.loja.com.br',
    ]);
    expect(domainsOf(' \n')).toEqual([]);
  });
});

describe('the webchat form', () => {
  it('puts settings where the server wants them', () => {
    expect(toChange({ name: 'Site', colour: '#112233' })).toEqual({ name: 'Site', settings: { colour: '#112233' } });
    expect(toChange({ department_id: null })).toEqual({ department_id: null });
  });

  it('what is looked at stands in the address, without what is no colour yet', () => {
    const draft = { ...newWebchat('Padaria'), colour: '#12', text_colour: '#ffffff', greeting: 'Olá, você!' };
    const [, , code = '', view] = previewAddress(JSON.stringify(previewed(draft)), false).split('/');
    const bytes = Uint8Array.from(atob(code.replaceAll('-', '+').replaceAll('_', '/')), (sign) => sign.charCodeAt(0));
    const { settings, department_id } = JSON.parse(new TextDecoder().decode(bytes));
    expect([department_id, settings.colour, settings.text_colour]).toEqual([null, '#1f6f5c', '#ffffff']);
    expect(settings.greeting).toBe('Olá, você!');
    expect(view).toMatch(/^closed-[\da-f]{8}\.html$/u);
  });
});

it('who has told no name is called by the address', () => {
  expect(contactName({ name: ' ', email: 'maria@exemplo.com.br', number: 208 })).toBe('maria@exemplo.com.br');
});

it('a first name is short', () => expect(firstName('  Marina Ribeiro dos Santos')).toBe('Marina'));
