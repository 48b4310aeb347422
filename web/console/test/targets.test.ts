// Where a conversation can go: who is offered, in which order, with which doubts (P-067, P-070, X-006).
import { describe, expect, it } from 'vitest';
import { agentTarget, departmentTarget, doubtOf, targetsOf } from '../src/features/routing/targets';
import { agent, conversation, department, load, me, world } from './people';

const names = (targets: { id: string }[]) => targets.map(({ id }) => id);
const support = [{ id: 'support', is_manager: false }];

describe('the targets of a transfer', () => {
  it('are colleagues of the department, online and with room first, then the others', () => {
    const state = world(
      [
        agent('ana'),
        agent('bruno', { status: 'away' }),
        agent('carla'),
        agent('davi'),
        agent('elisa', { departments: support }),
        agent('fábio', { departments: support, status: 'away' }),
      ],
      [department('sales'), department('support')],
      { carla: load(4), davi: load(1), bruno: load(0) },
    );
    const groups = targetsOf(conversation('c'), me(), state, '');
    expect(names(groups.here)).toEqual(['davi', 'carla']);
    expect(names(groups.elsewhere)).toEqual(['elisa']);
    expect(names(groups.absent)).toEqual(['bruno', 'fábio']);
    expect(names(groups.departments)).toEqual(['sales', 'support']);
  });

  it('are nobody who cannot serve: viewers, the inactive, the invited, who has it already', () => {
    const state = world(
      [
        agent('ana'),
        agent('viewer', { role: 'viewer' }),
        agent('gone', { is_active: false }),
        agent('invited', { is_invited: true }),
        agent('nowhere', { departments: [] }),
      ],
      [department('sales')],
    );
    const { here, elsewhere } = targetsOf(conversation('c'), me(), state, '');
    expect([...here, ...elsewhere]).toEqual([]);
  });

  it('administrators serve everywhere, without being given another department', () => {
    const state = world(
      [agent('owner', { role: 'owner', departments: [] })],
      [department('sales'), department('support')],
    );
    const { here } = targetsOf(conversation('c'), me(), state, '');
    expect(names(here)).toEqual(['owner']);
    expect(names(here[0]?.departments ?? [])).toEqual(['sales', 'support']);
  });

  it('leave out the queue in which it waits, and a department that is switched off', () => {
    const state = world([], [department('sales'), department('support'), department('old', { is_active: false })]);
    const waiting = conversation('c', { state: 'queue', assignee_id: null });
    expect(names(targetsOf(waiting, me(), state, '').departments)).toEqual(['support']);
  });

  it('are found without accents and case', () => {
    const state = world([agent('1', { name: 'João Antônio' }), agent('2', { name: 'Rita' })], [department('sales')]);
    expect(names(targetsOf(conversation('c'), me(), state, ' joao ').here)).toEqual(['1']);
  });
});

describe('the doubt', () => {
  const state = world(
    [
      agent('away', { status: 'away' }),
      agent('full'),
      agent('free'),
      agent('viewer', { role: 'viewer', departments: support }),
    ],
    [department('sales'), department('support')],
    { full: load(5), free: load(4) },
  );
  const about = (id: string) => doubtOf(agentTarget(state.agents.get(id)!, 'sales', true, state));

  it('is about who is not online, and who is full', () => {
    expect([about('away'), about('full'), about('free')]).toEqual(['offline', 'busy', null]);
  });

  it('is about a department where nobody who may answer is online', () => {
    expect(doubtOf(departmentTarget(department('support'), state))).toBe('nobody');
    expect(doubtOf(departmentTarget(department('sales'), state))).toBeNull();
  });
});
