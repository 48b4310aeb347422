// What counts as given to me by others, and is told with a sound and a toast (P-069).
import type { ConversationRow } from '@balcao/api';
import type { Actor, DeskEvent, StateFrame } from '@balcao/live';
import { describe, expect, it } from 'vitest';
import { handedTo, lostBy } from '../src/features/notifications/handed';
import { conversation } from './people';

const bruno: Actor = { kind: 'agent', id: 'bruno', name: 'Bruno' };
const ana: Actor = { kind: 'agent', id: 'ana', name: 'Ana' };
const system: Actor = { kind: 'system', id: null, name: null };
const visitor: Actor = { kind: 'visitor', id: 'v', name: null };

type Kind = Extract<DeskEvent, { actor: Actor; conversation: ConversationRow }>['kind'];

function heard(kind: Kind, actor: Actor, row: ConversationRow = conversation('c')): StateFrame {
  return { t: 'event', n: 2, prev: 1, event: { kind, conversation: row, actor } };
}

describe('a conversation is given to me', () => {
  it('by a colleague’s transfer, who is named', () => {
    const before = conversation('c', { assignee_id: 'bruno' });
    expect(handedTo('ana', heard('conversation_transferred', bruno), before)?.by).toBe('Bruno');
  });

  it('by distribution, also where its opening has just shown it as mine', () => {
    expect(handedTo('ana', heard('conversation_taken', system), conversation('c'))).toMatchObject({ by: null });
  });

  it('by taking back that it went from me to somebody else', () => {
    const before = conversation('c', { assignee_id: 'carla' });
    expect(handedTo('ana', heard('conversation_taken_back', bruno), before)?.by).toBe('Bruno');
  });

  it('when a colleague takes back a closing', () => {
    const before = conversation('c', { state: 'closed' });
    expect(handedTo('ana', heard('conversation_reopened', bruno), before)?.by).toBe('Bruno');
  });
});

describe('nothing is given to me', () => {
  it.each<[string, StateFrame, ConversationRow | undefined]>([
    ['by my own taking', heard('conversation_taken', ana), undefined],
    ['by my own transfer to myself', heard('conversation_transferred', ana), undefined],
    [
      'by what goes to a colleague',
      heard('conversation_transferred', ana, conversation('c', { assignee_id: 'bruno' })),
      undefined,
    ],
    ['by a visitor who writes again', heard('conversation_reopened', visitor), conversation('c', { state: 'closed' })],
    ['by a new place of what was mine before', heard('conversation_transferred', bruno), conversation('c')],
    [
      'by what waits in the queue',
      heard('conversation_opened', visitor, conversation('c', { state: 'queue' })),
      undefined,
    ],
  ])('%s', (_, frame, before) => expect(handedTo('ana', frame, before)).toBeNull());
});

describe('a colleague has what was mine', () => {
  const mine = conversation('c');
  const theirs = (assignee_id: string | null) =>
    conversation('c', { assignee_id, state: assignee_id ? 'open' : 'queue' });

  it('by taking back that it was handed to me', () => {
    for (const to of ['bruno', 'carla', null])
      expect(lostBy('ana', heard('conversation_taken_back', bruno, theirs(to)), mine)).toMatchObject({
        by: 'Bruno',
        how: 'takenBack',
      });
  });

  it('by taking it over', () => {
    const frame = heard('conversation_transferred', bruno, theirs('bruno'));
    expect(lostBy('ana', frame, mine)).toMatchObject({ by: 'Bruno', how: 'taken' });
  });

  it('by moving it elsewhere, or back to the queue', () => {
    for (const [kind, to] of [
      ['conversation_transferred', 'carla'],
      ['conversation_returned', null],
    ] as const)
      expect(lostBy('ana', heard(kind, bruno, theirs(to)), mine)).toMatchObject({ by: 'Bruno', how: 'moved' });
  });

  it('by closing it', () => {
    const frame = heard('conversation_closed', bruno, conversation('c', { state: 'closed' }));
    expect(lostBy('ana', frame, mine)).toMatchObject({ by: 'Bruno', how: 'closed' });
  });

  it('by moving it where I may not see it', () => {
    const gone = (actor: Actor): StateFrame => ({
      t: 'event',
      n: 2,
      prev: 1,
      event: { kind: 'conversation_gone', conversation: 'c', actor },
    });
    expect(lostBy('ana', gone(bruno), mine)).toMatchObject({ row: mine, by: 'Bruno', how: 'moved' });
    expect(lostBy('ana', gone(ana), mine)).toBeNull();
  });

  it('since its visitor does not want to wait for me', () => {
    const frame = heard('conversation_returned', visitor, theirs(null));
    expect(lostBy('ana', frame, mine)).toMatchObject({ by: null, how: 'visitor' });
  });

  it.each<[string, StateFrame, ConversationRow | undefined]>([
    ['not by my own transfer', heard('conversation_transferred', ana, theirs('bruno')), mine],
    ['not by the visitor’s end', heard('conversation_closed', visitor, conversation('c', { state: 'closed' })), mine],
    ['not where it only changed its department', heard('conversation_transferred', bruno), mine],
    ['not where it was never mine', heard('conversation_transferred', bruno, theirs('carla')), theirs('bruno')],
  ])('%s', (_, frame, before) => expect(lostBy('ana', frame, before)).toBeNull());
});
