// What was done with personal data, as it is filtered.
import type { PrivacyDeed, PrivacyRequest } from '@balcao/api';
import { api } from '../../api';
import { PagedList } from '../../shell/paged.svelte';

/** A deed, those of which a sealed copy is kept, or all. */
export type Shown = PrivacyDeed | 'sealed' | 'all';

export class RequestList extends PagedList<PrivacyRequest> {
  shown = $state<Shown>('all');
  protected readonly concerns = /^contact_erased$/u;

  show(shown: Shown): void {
    this.shown = shown;
    this.rows = [];
    this.retry();
  }

  protected ask(before: string | null) {
    const { shown } = this;
    const deed = shown === 'all' || shown === 'sealed' ? null : shown;
    return api.privacyRequests({ deed, sealed: shown === 'sealed', before });
  }
}
