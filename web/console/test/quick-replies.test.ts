// Quick replies in the composer: when a slash calls, which are meant, what the keys do, and what is filled in.
import { describe, expect, it, vi } from 'vitest';
import type { QuickReply } from '@balcao/api';
import { calledAt, matching } from '../src/features/quick_replies/called';
import { fill, greetingAt, without, type Facts } from '../src/features/quick_replies/fill';

const { replies } = vi.hoisted(() => ({ replies: { all: [] as QuickReply[], state: 'ready', need: () => undefined } }));
vi.mock('../src/features/quick_replies/quick-replies.svelte', () => ({ quickReplies: replies }));
const { Calling } = await import('../src/features/quick_replies/calling.svelte');

const reply = (shortcut: string, text = 'Texto'): QuickReply => ({
  id: shortcut,
  shortcut,
  text,
  departments: [],
  is_active: true,
});

describe('what calls a quick reply', () => {
  //
  it('is a slash at the beginning of a word, up to the cursor', () => {
    expect(calledAt('/bol', 4)).toEqual({ start: 0, query: 'bol' });
    expect(calledAt('Oi /', 4)).toEqual({ start: 3, query: '' });
    expect(calledAt('Oi\n/bo leto', 6)).toEqual({ start: 3, query: 'bo' });
  });

  it('is no fraction, no address and no alternative', () => {
    for (const text of ['1/2', 'e/ou', 'https://site.com.br', '//', '/a/b', 'Oi / '])
      expect(calledAt(text, text.length)).toBeNull();
  });

  it('means the likeliest first: the same word, its beginning, a part of it, then the text', () => {
    const all = [
      reply('novo-boleto'),
      reply('boleto-novo'),
      reply('boleto'),
      reply('ajuda', 'Segue o BOLETO'),
      reply('oi'),
    ];
    expect(matching(all, 'Boleto').map(({ shortcut }) => shortcut)).toEqual([
      'boleto',
      'boleto-novo',
      'novo-boleto',
      'ajuda',
    ]);
    expect(matching(all, '')).toHaveLength(5);
    expect(matching(all, 'xyz')).toEqual([]);
  });
});

describe('the keys while a list is open', () => {
  const key = (name: string) => new KeyboardEvent('keydown', { key: name, cancelable: true });

  it('walk around, choose with Enter and Tab, and leave with Esc until another slash', () => {
    replies.all = [reply('boleto'), reply('bom-dia')];
    const calling = new Calling();
    const chosen: string[] = [];
    const press = (name: string) => calling.key(key(name), ({ shortcut }) => chosen.push(shortcut));
    expect(press('Enter')).toBe(false);
    calling.follow('/bo', 3);
    expect(calling.isOpen).toBe(true);
    press('ArrowDown');
    expect(calling.active?.shortcut).toBe('bom-dia');
    press('ArrowDown');
    press('ArrowUp');
    expect(press('Enter')).toBe(true);
    press('ArrowDown');
    press('Tab');
    expect(chosen).toEqual(['bom-dia', 'boleto']);
    expect(press('Escape')).toBe(true);
    calling.follow('/bol', 4);
    expect(calling.isOpen).toBe(false);
    expect(press('Enter')).toBe(false);
    calling.follow('/bol /b', 7);
    expect(calling.isOpen).toBe(true);
  });

  it('give back what a button has put there, and nothing that was typed', () => {
    replies.all = [reply('boleto')];
    const calling = new Calling();
    const text = `Oi${calling.put('Oi')}`;
    expect(text).toBe('Oi /');
    calling.follow(text, 4);
    calling.follow('Oi /bo', 6);
    calling.key(key('Escape'), () => undefined);
    expect([calling.takeBack(), calling.takeBack()]).toEqual([2, null]);
    calling.follow('Oi /', 4);
    expect(calling.takeBack()).toBeNull();
    expect(calling.put('Oi ')).toBe('/');
    calling.follow('Oi / e', 6);
    expect(calling.takeBack()).toBeNull();
  });

  //
  it('sends an unknown shortcut as it was typed', () => {
    replies.all = [reply('boleto')];
    const calling = new Calling();
    calling.follow('/planos', 7);
    expect(calling.isOpen).toBe(false);
    expect(calling.key(key('Enter'), () => undefined)).toBe(false);
  });
});

describe('what is filled in', () => {
  const facts: Facts = {
    customer_name: 'Marina {protocol} $&',
    agent_name: 'Ana',
    department: 'Suporte',
    protocol: '2026-1',
    company: 'Vila Clara',
    greeting: 'Bom dia',
  };

  // P-143
  it('is what is known, and a name is not looked through again', () => {
    const text = '{greeting}, {customer_name}! {agent_name}, {department}, {company}: {protocol} {outra}';
    expect(fill(text, facts)).toBe('Bom dia, Marina {protocol} $&! Ana, Suporte, Vila Clara: 2026-1 {outra}');
  });

  it('reads as if it had never asked where no name is known', () => {
    expect(fill('{greeting}, {customer_name}! Tudo bem?', { ...facts, customer_name: null })).toBe(
      'Bom dia! Tudo bem?',
    );
    expect(without('Olá {name}, tudo bem?', 'name')).toBe('Olá, tudo bem?');
    expect(without('{name}, como podemos ajudar?', 'name')).toBe('Como podemos ajudar?');
    expect(without('Olá', 'name')).toBe('Olá');
  });

  it('greets by the clock of the company', () => {
    const greetings = { morning: 'Bom dia', afternoon: 'Boa tarde', evening: 'Boa noite' };
    const at = (time: string, zone = 'America/Sao_Paulo') => greetingAt(greetings, new Date(time), zone);
    expect(at('2026-11-30T03:00:00Z')).toBe('Bom dia');
    expect(at('2026-11-30T14:59:00Z')).toBe('Bom dia');
    expect(at('2026-11-30T15:00:00Z')).toBe('Boa tarde');
    expect(at('2026-11-30T21:00:00Z')).toBe('Boa noite');
    expect(at('2026-11-30T15:00:00Z', 'America/Rio_Branco')).toBe('Bom dia');
  });
});
