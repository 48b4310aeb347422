// The roles somebody may give: only owners make owners.
import type { Role } from '@balcao/api';
import type { Option } from '@balcao/ui';
import { session } from '../access/session.svelte';
import { roleHint, roleText } from './words';

const ROLES: Role[] = ['owner', 'administrator', 'manager', 'agent', 'viewer'];

export function roleOptions(present?: Role): Option<Role>[] {
  return ROLES.filter((role) => role !== 'owner' || session.me.role === 'owner' || present === 'owner').map((role) => ({
    value: role,
    label: roleText(role),
    detail: roleHint(role),
  }));
}
