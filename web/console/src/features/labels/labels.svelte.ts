// The company's labels, and putting them on the open conversation and taking them off.
import type { AppliedLabel, ConversationRow, Label } from '@balcao/api';
import { withRows } from '@balcao/live';
import { api } from '../../api';
import { format } from '../../i18n/format.svelte';
import { t } from '../../i18n/i18n.svelte';
import { tellFailure } from '../../shell/toasts';
import { session } from '../access/session.svelte';
import { live } from '../live/live.svelte';

/** A label as it stands on a conversation. */
export interface ShownLabel {
  label: Label;
  applied: AppliedLabel;
}

class Labels {
  /** Whether the choice of labels for the open conversation is open. */
  isChoosing = $state(false);
  all = $derived([...live.state.labels.values()].sort((a, b) => a.name.localeCompare(b.name)));
  active = $derived(this.all.filter((label) => label.is_active));

  on(row: ConversationRow): ShownLabel[] {
    return row.labels.flatMap((applied) => {
      const label = live.state.labels.get(applied.id);
      return label ? [{ label, applied }] : [];
    });
  }

  /** Who put it on, and when. */
  originOf({ source, by, at }: AppliedLabel): string {
    const when = format.exact(at);
    if (source === 'rule') return t('console.labels.byRule', { when });
    const name = (by && live.state.agents.get(by)?.name) ?? t('console.filter.someone');
    return t('console.labels.byAgent', { name, when });
  }

  toggle(row: ConversationRow, label: string): Promise<void> {
    return row.labels.some((applied) => applied.id === label) ? this.takeOff(row, label) : this.putOn(row, label);
  }

  putOn(row: ConversationRow, id: string): Promise<void> {
    const applied: AppliedLabel = { id, source: 'agent', by: session.me.id, at: new Date().toISOString() };
    return this.#change(row, [...row.labels, applied], () => api.putLabelOn(row.id, id));
  }

  takeOff(row: ConversationRow, id: string): Promise<void> {
    const left = row.labels.filter((applied) => applied.id !== id);
    return this.#change(row, left, () => api.takeLabelOff(row.id, id));
  }

  /** Shown at once, taken back with a sentence when it is refused. */
  async #change(row: ConversationRow, labels: AppliedLabel[], run: () => Promise<ConversationRow>): Promise<void> {
    const takeBack = live.patchRow(row.id, { labels });
    const asked = live.state;
    try {
      const changed = await run();
      live.update((state) => withRows(state, [changed], asked));
    } catch (error) {
      takeBack();
      tellFailure(error);
    }
  }
}

export const labels = new Labels();
