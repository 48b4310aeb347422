// Handing one conversation on: whom was chosen, what speaks against it, and what the server said.
import { isApiError, type ConversationRow, type Transfer } from '@balcao/api';
import { newId } from '@balcao/live';
import { t } from '../../i18n/i18n.svelte';
import { failureText, toasts } from '../../shell/toasts';
import { session } from '../access/session.svelte';
import { contactName } from '../contacts/names';
import { opened } from '../conversations/opened.svelte';
import { live } from '../live/live.svelte';
import { agentTarget, departmentTarget, doubtOf, isHandedOnTo, targetsOf, type Target } from './targets';

type Pick = { kind: Target['kind']; id: string };

export class Transferring {
  /** What is handed on: it stays this one, whatever is opened meanwhile. */
  readonly #before: ConversationRow;
  search = $state('');
  note = $state('');
  isSending = $state(false);
  failure = $state('');
  #picked = $state.raw<Pick | null>(null);
  #department = $state<string | null>(null);
  /** What was last sent, and its id: sent again as it was, it counts once. */
  #sent = { text: '', id: '' };
  /** The server's own doubt about what is picked, where ours came too late. */
  #refused = $state('');

  row = $derived.by(() => live.state.conversations.get(this.#before.id) ?? this.#before);
  groups = $derived.by(() => targetsOf(this.row, session.me, live.state, this.search));
  /** As it is now: somebody who goes offline meanwhile is shown so. */
  chosen = $derived.by(() => this.#chosen());
  department = $derived.by(() => this.#departmentOf());
  /** A note is work, and so is who was found for it. */
  isChanged = $derived(this.note.trim() !== '' || this.#picked !== null);
  warning = $derived(this.#refused || this.#doubt());

  constructor(row: ConversationRow) {
    this.#before = row;
  }

  pick(target: Target): void {
    this.#picked = { kind: target.kind, id: target.id };
    this.#department = null;
    this.#refused = this.failure = '';
  }

  chooseDepartment(id: string): void {
    this.#department = id;
    this.#refused = this.failure = '';
  }

  #chosen(): Target | null {
    const { agents, departments } = live.state;
    if (this.#picked?.kind === 'agent') {
      const agent = agents.get(this.#picked.id);
      if (!agent) return null;
      const isHandedOn = isHandedOnTo(agent.id, this.row, session.me, live.state);
      return agentTarget(agent, this.row.department_id, isHandedOn, live.state);
    }
    const department = this.#picked && departments.get(this.#picked.id);
    return department ? departmentTarget(department, live.state) : null;
  }

  /** Where a colleague gets it; a department is its own answer. */
  #departmentOf(): string | null {
    if (this.chosen?.kind !== 'agent') return this.chosen?.id ?? null;
    return this.#department ?? this.chosen.departments[0]?.id ?? null;
  }

  #doubt(): string {
    const target = this.chosen;
    if (!target) return '';
    const { name } = target;
    switch (doubtOf(target)) {
      case 'offline':
        return target.kind === 'agent' && target.status === 'away'
          ? t('console.transfer.away', { name })
          : t('console.transfer.offline', { name });
      case 'busy':
        return target.kind === 'agent'
          ? t('console.transfer.busy', { name, open: target.open, limit: target.limit })
          : '';
      case 'nobody':
        return t('console.transfer.nobody', { name });
      default:
        return '';
    }
  }

  #body(confirmed: boolean): Transfer | null {
    const target = this.chosen;
    if (!target) return null;
    const isElsewhere = this.department !== this.row.department_id;
    const note = this.note.trim();
    const body = {
      agent: target.kind === 'agent' ? target.id : null,
      department: target.kind === 'department' || isElsewhere ? this.department : null,
      ...(note && { note }),
    };
    const text = JSON.stringify(body);
    if (this.#sent.text !== text) this.#sent = { text, id: newId() };
    return { ...body, confirmed, client_id: this.#sent.id };
  }

  /** Answers whether it went. What the server doubts is shown where it was asked, to be confirmed there (P-070). */
  async send(): Promise<boolean> {
    const before = this.row;
    const body = this.#body(this.warning !== '');
    if (!body || this.isSending) return false;
    this.isSending = true;
    this.failure = '';
    try {
      const after = await opened.transfer(before.id, body);
      this.#tell(before, after);
      return true;
    } catch (error) {
      const isDoubt = isApiError(error) && (error.code === 'transfer_offline' || error.code === 'transfer_busy');
      if (isDoubt) this.#refused = failureText(error);
      else this.failure = failureText(error);
      return false;
    } finally {
      this.isSending = false;
    }
  }

  #tell(before: ConversationRow, after: ConversationRow): void {
    const agent = after.assignee_id ? live.state.agents.get(after.assignee_id)?.name : undefined;
    const name = agent ?? live.state.departments.get(after.department_id)?.name ?? '';
    const contact = contactName(after.contact);
    const said = t('console.transfer.undone');
    const undo = { label: t('console.action.undo'), run: () => void opened.takeBack(before, said) };
    toasts.say(t('console.transfer.done', { contact, name }), undo, before.id);
  }
}
