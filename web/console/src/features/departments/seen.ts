// The departments that concern whoever looks, and what each lets them do.
import type { Department } from '@balcao/api';
import { session } from '../access/session.svelte';
import { live } from '../live/live.svelte';

/** By name. */
export const seenDepartments = (): Department[] =>
  [...live.state.departments.values()]
    .filter(({ id }) => session.servesIn(id))
    .sort((one, other) => one.name.localeCompare(other.name));

/** Whether a department lets whoever looks do it; who manages it may anyway (Z-125). */
export const isSwitchedOn = (department: string, name: keyof Department['switches']): boolean =>
  live.state.departments.get(department)?.switches[name] !== false || session.managesIn(department);
