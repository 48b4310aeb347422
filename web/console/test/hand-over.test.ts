// Whose conversations one is offered to hand on: one's own, and those of whom one manages (T-106).
import type { Me } from '@balcao/api';
import { expect, it } from 'vitest';
import { session } from '../src/features/access/session.svelte';
import { live } from '../src/features/live/live.svelte';
import { team } from '../src/features/routing/team.svelte';
import { agent, department, load, me, world } from './people';

const bruno = agent('bruno');
const elsewhere = agent('carla', { departments: [{ id: 'finance', is_manager: false }] });

function logIn(change: Partial<Me>): void {
  const departments = [{ id: 'sales', name: 'Vendas', is_manager: true }];
  session.keep(me({ departments, permissions: ['conversations_close_any'], ...change }));
  const loads = { ana: load(1), bruno: load(1), carla: load(1) };
  live.state = world([agent('ana'), bruno, elsewhere], [department('sales'), department('finance')], loads);
}

const offered = (): string[] => team.burdened.map((one) => one.agent.id);

it('a manager is offered the people of the departments they manage, and themselves', () => {
  logIn({ role: 'manager' });
  expect(offered()).toEqual(['ana', 'bruno']);
});

it('an administrator is offered everybody', () => {
  logIn({ role: 'administrator', departments: [] });
  expect(offered()).toEqual(['ana', 'bruno', 'carla']);
});
