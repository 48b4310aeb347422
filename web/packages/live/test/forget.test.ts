// A console that is never reloaded stays as large as what it shows.
import { expect, it } from 'vitest';
import { emptyState, forgetClosed, forgetTimelines, TIMELINES_KEPT, withOpened, withRows } from '../src';
import { message, row } from './samples';

const detail = {
  page: null,
  pages: [],
  user_agent: null,
  browser_language: null,
  given: null,
  earlier: [],
  rating: null,
  survey_link: null,
};

function opened(id: string) {
  return {
    conversation: { ...row({ id, last_position: 1, last_seq: 1 }), ...detail },
    messages: [message(1)],
    has_earlier: false,
    as_of: 1,
  };
}

it('keeps the timelines that were opened last, and the one on screen', () => {
  let state = emptyState();
  for (let number = 0; number < TIMELINES_KEPT + 5; number += 1) {
    state = forgetTimelines(withOpened(state, opened(`c${number}`)), `c${number}`);
    if (number === 10) state = withOpened(state, opened('c0'));
  }
  expect(state.timelines.size).toBe(TIMELINES_KEPT);
  expect(state.timelines.has('c0'), 'looked at again').toBe(true);
  expect(state.timelines.has('c1')).toBe(false);
});

it('forgets old closed conversations once there are thousands, and never an unfinished one', () => {
  const at = (number: number) => new Date(1_700_000_000_000 + number * 60_000).toISOString();
  const closed = Array.from({ length: 2_001 }, (_, number) =>
    row({ id: `c${number}`, state: 'closed', closed_at: at(number) }),
  );
  const few = withRows(emptyState(), [...closed.slice(0, 2_000), row({ id: 'open', state: 'open' })]);
  expect(forgetClosed(few)).toBe(few);
  const state = forgetClosed(withRows(few, closed));
  expect(state.conversations.size).toBe(501);
  expect(state.conversations.has('open')).toBe(true);
  expect(state.conversations.has('c2000')).toBe(true);
  expect(state.conversations.has('c0')).toBe(false);
});
