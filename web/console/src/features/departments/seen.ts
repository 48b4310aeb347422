// The departments that concern whoever looks, by name.
import type { Department } from '@balcao/api';
import { session } from '../access/session.svelte';
import { live } from '../live/live.svelte';

export const seenDepartments = (): Department[] =>
  [...live.state.departments.values()]
    .filter(({ id }) => session.servesIn(id))
    .sort((one, other) => one.name.localeCompare(other.name));
