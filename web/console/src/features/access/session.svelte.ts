// Who is logged in. Leaving reloads the page, so that nothing of one person stays in memory for the next.
import {
  isApiError,
  type ConversationRow,
  type Me,
  type MeChange,
  type Permission,
  type Role,
  type Status,
  type Theme,
} from '@balcao/api';
import { api, whenSessionEnds } from '../../api';
import { format } from '../../i18n/format.svelte';
import { browserLanguage, i18n } from '../../i18n/i18n.svelte';
import { title } from '../../shell/title.svelte';
import { ownAddress } from './own-address';

export type SessionState = 'loading' | 'known' | 'none' | 'failed';

const THEME = 'balcao.theme';
const RETURN_TO = 'balcao.return';

class Session {
  state = $state<SessionState>('loading');
  #me = $state.raw<Me | null>(null);

  /** Only read inside the shell, which is drawn when somebody is known. */
  get me(): Me {
    if (!this.#me) throw new Error('nobody is logged in');
    return this.#me;
  }

  may(permission: Permission): boolean {
    return this.#me?.permissions.includes(permission) ?? false;
  }

  /** May give a role, and change who has it. */
  manages(role: Role): boolean {
    return this.#me?.manages.includes(role) ?? false;
  }

  /** Sees and serves every department. */
  get isAdministrator(): boolean {
    return this.#me?.role === 'owner' || this.#me?.role === 'administrator';
  }

  /** Serves conversations of a department, and sees them all. */
  servesIn(department: string): boolean {
    return this.isAdministrator || this.me.departments.some((one) => one.id === department);
  }

  /** Sees a conversation: one of their departments, or their own. */
  sees(row: ConversationRow): boolean {
    return this.servesIn(row.department_id) || row.assignee_id === this.me.id;
  }

  /** As the server has it: administrators everywhere, managers in the departments they manage (T-106). */
  managesIn(department: string): boolean {
    if (this.isAdministrator) return true;
    const manages = this.me.departments.some((one) => one.id === department && one.is_manager);
    return manages && this.may('conversations_close_any');
  }

  /** `texts`: the person's language must come after the browser's, never before it. */
  async load(texts?: Promise<void>): Promise<void> {
    this.state = 'loading';
    whenSessionEnds(() => this.ended());
    try {
      const me = await api.me();
      await texts;
      if (me) await this.enter(me);
      else this.state = 'none';
    } catch (error) {
      this.state = isApiError(error) && error.status === 401 ? 'none' : 'failed';
    }
  }

  async enter(me: Me): Promise<void> {
    await i18n.use(me.language ?? browserLanguage() ?? me.workspace.language);
    this.keep(me);
    this.state = 'known';
  }

  keep(me: Me): void {
    this.#me = me;
    format.timeZone = me.workspace.time_zone;
    title.company = me.workspace.company;
    showTheme(me.theme);
  }

  async change(change: MeChange): Promise<void> {
    const me = await api.changeMe(change);
    if (change.language !== undefined) await i18n.use(me.language ?? browserLanguage() ?? me.workspace.language);
    this.keep(me);
  }

  /** `pause`: for which of the company's pauses one is away. */
  async changeStatus(status: Status, pause: string | null = null): Promise<void> {
    const before = this.me;
    // Shown at once; put back when refused.
    this.#me = { ...before, status, pause: pause === null ? null : { name: pause, until: null } };
    try {
      this.keep(await api.changeStatus(pause === null ? { status } : { status, pause }));
    } catch (error) {
      this.#me = before;
      throw error;
    }
  }

  async leave(everywhere = false): Promise<void> {
    await (everywhere ? api.logOutEverywhere() : api.logOut());
    location.assign('/login');
  }

  /** The server no longer knows us: log in again and come back to the same place. */
  ended(): void {
    if (this.state !== 'known') return;
    this.comeBackHere();
    location.assign('/login');
  }

  /** After logging in, the present page is shown. */
  comeBackHere(): void {
    sessionStorage.setItem(RETURN_TO, location.pathname);
  }

  /** Where to go after logging in. */
  takeReturnAddress(): string {
    const address = sessionStorage.getItem(RETURN_TO);
    sessionStorage.removeItem(RETURN_TO);
    return ownAddress(address) ?? '/conversations';
  }
}

export function showTheme(theme: Theme): void {
  if (theme === 'system') {
    delete document.documentElement.dataset.theme;
    localStorage.removeItem(THEME);
  } else {
    document.documentElement.dataset.theme = theme;
    localStorage.setItem(THEME, theme);
  }
}

export const session = new Session();
