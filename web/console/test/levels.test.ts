// Levels of care: whose is which, what each may have, and to whom a conversation can go.
import type { Associated, Project } from '@balcao/api';
import { byId } from '@balcao/live';
import { describe, expect, it } from 'vitest';
import { handsOn, hasLevels, levelIn, levelOf, mayHave, mayTake } from '../src/features/projects/levels';
import { targetsOf } from '../src/features/routing/targets';
import { agent, conversation, department, me, world } from './people';

const person = (id: string, level: 1 | 2): Associated => ({ kind: 'agent', id, level });
const group = (id: string, level: 1 | 2): Associated => ({ kind: 'group', id, level });

function project(specialists: Associated[], only_specialists = true): Project {
  const fixed = { id: 'first', name: 'Vila Clara', is_default: true, has_chat: true, is_removed: false };
  return { ...fixed, only_specialists, specialists };
}

function state(specialists: Associated[], only = true) {
  const people = [agent('ana'), agent('bruno'), agent('carla'), agent('davi', { status: 'offline' })];
  return { ...world(people, [department('sales')]), projects: byId([project(specialists, only)]) };
}

describe('a level', () => {
  it('is the own one, else the lowest of the groups, else the first where everybody serves', () => {
    const both = { id: 'x', departments: [{ id: 'one' }, { id: 'two' }] };
    expect(levelOf(both, project([person('x', 2), group('one', 1)]))).toBe(2);
    expect(levelOf(both, project([group('one', 2), group('two', 1)]))).toBe(1);
    expect(levelOf(both, project([group('one', 2)]))).toBe(2);
    expect(levelOf(both, project([group('three', 1)]))).toBeNull();
    expect(levelOf(both, project([group('three', 1)], false))).toBe(1);
    expect(levelIn(both, 'unknown', state([]))).toBe(1);
  });

  it('lets the second have what was handed on and nothing else', () => {
    expect([mayHave(1, false), mayHave(2, false), mayHave(2, true), mayHave(null, true)]).toEqual([
      true,
      false,
      true,
      false,
    ]);
    const waiting = conversation('c', { state: 'queue', assignee_id: null });
    const levels = state([person('ana', 2)]);
    expect(mayTake(me(), waiting, levels)).toBe(false);
    expect(mayTake(me(), { ...waiting, is_handed_on: true }, levels)).toBe(true);
  });

  it('is spoken of only where there are any', () => {
    expect(hasLevels('sales', state([], false))).toBe(false);
    expect(hasLevels('sales', state([person('ana', 1)]))).toBe(true);
  });
});

describe('the targets of a transfer', () => {
  const levels = [person('ana', 1), person('bruno', 2), person('davi', 1)];
  const names = (groups: ReturnType<typeof targetsOf>) =>
    [groups.here, groups.absent].map((all) => all.map((one) => `${one.name} ${one.level}`));

  it('are the associated with their level, the connected first', () => {
    expect(names(targetsOf(conversation('c'), me(), state(levels), ''))).toEqual([['bruno 2'], ['davi 1']]);
  });

  it('say nothing of levels where there are none', () => {
    expect(names(targetsOf(conversation('c'), me(), state([], false), ''))[0]).toEqual(['bruno null', 'carla null']);
  });

  it('are of Level 1 for somebody of Level 2 who moves what nobody has handed on', () => {
    const own = [person('ana', 2), person('bruno', 2), person('carla', 1)];
    const waiting = conversation('c', { state: 'queue', assignee_id: null });
    expect(handsOn(me(), waiting, state(own))).toBe(false);
    expect(names(targetsOf(waiting, me(), state(own), ''))[0]).toEqual(['carla 1']);
    const held = conversation('c', { state: 'open' });
    expect(names(targetsOf(held, me(), state(own), ''))[0]).toEqual(['bruno 2', 'carla 1']);
  });
});
