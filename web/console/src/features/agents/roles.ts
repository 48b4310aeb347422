// The roles somebody may give, and the one somebody has.
import type { Role } from '@balcao/api';
import type { Option } from '@balcao/ui';
import { session } from '../access/session.svelte';
import { roleHint, roleText } from './words';

const ROLES: Role[] = ['owner', 'administrator', 'manager', 'agent', 'viewer'];

export function roleOptions(present?: Role): Option<Role>[] {
  return ROLES.filter((role) => session.manages(role) || role === present).map((role) => ({
    value: role,
    label: roleText(role),
    detail: roleHint(role),
  }));
}
