// A department as it was saved, for everything that is drawn.
import type { Department } from '@balcao/api';
import { live } from '../live/live.svelte';

export function keepDepartment(department: Department): void {
  live.update((state) => ({ ...state, departments: new Map(state.departments).set(department.id, department) }));
}
