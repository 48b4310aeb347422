// How many offline messages want to be looked at: asked for again whenever one has come or changed.
import { api } from '../../api';
import { t } from '../../i18n/i18n.svelte';
import { live } from '../live/live.svelte';

/** Several at once are asked for once. */
const GATHER = 300;

class Counters {
  new = $state(0);
  failed = $state(0);
  #soon: ReturnType<typeof setTimeout> | undefined;

  get words(): string {
    return [
      this.new && t('console.offline.countNew', { count: this.new }),
      this.failed && t('console.offline.countFailed', { count: this.failed }),
    ]
      .filter(Boolean)
      .join(', ');
  }

  /** While the console is open. */
  start(): () => void {
    void this.load();
    const stops = [
      live.whenSnapshot(() => this.#ask()),
      live.whenFrame((frame) => {
        if (frame.t === 'event' && frame.event.kind.startsWith('offline_message_')) this.#ask();
      }),
    ];
    return () => {
      stops.forEach((stop) => stop());
      clearTimeout(this.#soon);
    };
  }

  keep({ new: count, failed }: { new: number; failed: number }): void {
    this.new = count;
    this.failed = failed;
  }

  #ask(): void {
    clearTimeout(this.#soon);
    this.#soon = setTimeout(() => void this.load(), GATHER);
  }

  async load(): Promise<void> {
    try {
      this.keep(await api.offlineCounters());
    } catch {
      // The next change asks again; what is known stays.
    }
  }
}

export const offlineCounters = new Counters();
