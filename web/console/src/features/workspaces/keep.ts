// The company as it was saved: for the session and for everything that is drawn.
import type { Workspace } from '@balcao/api';
import { session } from '../access/session.svelte';
import { live } from '../live/live.svelte';

export function keepWorkspace(workspace: Workspace): void {
  session.keep({ ...session.me, workspace });
  live.update((state) => ({ ...state, workspace }));
}
