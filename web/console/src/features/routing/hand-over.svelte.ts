// Handing on all of somebody's open conversations: to where, how far it is, and what came of it.
import type { HandedOver, HandOver } from '@balcao/api';
import { api } from '../../api';
import { t } from '../../i18n/i18n.svelte';
import { failureText, toasts } from '../../shell/toasts';
import { live } from '../live/live.svelte';

export type Destination = HandOver['to'];

export class HandingOver {
  readonly agent: string;
  /** How many there were when it began. */
  total = $state(0);
  to = $state<Destination>('queue');
  colleague = $state('');
  department = $state('');
  isRunning = $state(false);
  failure = $state('');

  /** As far as the server has told. */
  left = $derived.by(() => live.state.team.get(this.agent)?.open ?? 0);
  isComplete = $derived(this.to === 'queue' || (this.to === 'agent' ? this.colleague !== '' : this.department !== ''));

  /** Somebody was looked for and found. */
  isChanged = $derived(!this.isRunning && (this.colleague !== '' || this.department !== ''));

  constructor(agent: string) {
    this.agent = agent;
  }

  /** Answers whether all went on. What has gone stays where it is, whatever happens to the rest. */
  async run(): Promise<boolean> {
    if (!this.isComplete || this.isRunning) return false;
    this.total = this.left;
    this.isRunning = true;
    this.failure = '';
    try {
      this.#tell(await api.handOver(this.agent, this.#body()));
      return true;
    } catch (error) {
      this.failure = failureText(error);
      return false;
    } finally {
      this.isRunning = false;
    }
  }

  #body(): HandOver {
    if (this.to === 'agent') return { to: 'agent', agent: this.colleague };
    return this.to === 'department' ? { to: 'department', department: this.department } : { to: 'queue' };
  }

  #tell({ moved, queued }: HandedOver): void {
    const name = live.state.agents.get(this.colleague)?.name ?? '';
    if (moved + queued === 0) toasts.say(t('console.handOver.none'));
    else if (this.to === 'agent' && queued > 0 && moved > 0)
      toasts.say(t('console.handOver.partly', { moved, queued, name }));
    else if (this.to === 'agent' && moved > 0) toasts.say(t('console.handOver.toAgent', { count: moved, name }));
    else if (this.to === 'department')
      toasts.say(t('console.handOver.toDepartment', { count: moved + queued, name: this.#departmentName() }));
    else toasts.say(t('console.handOver.toQueue', { count: moved + queued }));
  }

  #departmentName(): string {
    return live.state.departments.get(this.department)?.name ?? '';
  }
}
