// What the panel remembers of the visitor in the site's own storage: name and e-mail once given, sound, the draft.
import type { PanelConfig, Person } from '../shared/config';
import type { Host, Init } from './host';
import type { Form } from './protocol';

interface Kept extends Person {
  muted?: boolean;
}

export class Prefs {
  private kept: Kept = {};
  /** What the site says about its logged-in user: never stored, and what the visitor typed goes before it. */
  private hint: Person = {};
  draft = '';
  private draftTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly config: PanelConfig,
    private readonly host: Host,
  ) {}

  load({ items, contact }: Init): void {
    this.draft = items.d ?? '';
    this.read(items.p ?? '{}');
    this.hint = clean(contact);
  }

  heard(k: string, v: string | null): void {
    if (k === 'p') this.read(v ?? '{}');
  }

  get person(): Person {
    return { ...this.hint, ...clean(this.kept) };
  }

  get isMuted(): boolean {
    return !!this.kept.muted;
  }

  remember(person: Person): void {
    this.keep(clean(person));
  }

  mute(muted: boolean): void {
    this.keep({ muted });
  }

  keepDraft(text: string): void {
    this.draft = text;
    clearTimeout(this.draftTimer);
    this.draftTimer = setTimeout(() => void this.host.put('d', text || null), text ? 400 : 0);
  }

  /** The fields that still have to be asked before a conversation is opened. */
  missing(isKnown: boolean): ('name' | 'email' | 'department')[] {
    const { settings, departments } = this.config;
    const asks = (wanted: boolean, value?: string) => wanted && !value && !isKnown;
    const fields: ('name' | 'email' | 'department')[] = [];
    if (asks(settings.ask_name, this.person.name)) fields.push('name');
    if (asks(settings.ask_email, this.person.email)) fields.push('email');
    if (departments.length) fields.push('department');
    return fields;
  }

  /** What goes with a message that may open a conversation. */
  form(department?: string): Form {
    return { ...this.person, department: department || undefined };
  }

  private read(text: string): void {
    try {
      this.kept = { ...this.kept, ...(JSON.parse(text) as Kept) };
    } catch {
      // Cut off or not ours: it is asked again.
    }
  }

  private keep(change: Kept): void {
    this.kept = { ...this.kept, ...change };
    void this.host.put('p', JSON.stringify(this.kept));
  }
}

function clean(person: Person): Person {
  const out: Person = {};
  for (const name of ['name', 'email'] as const) {
    // It comes from other people's pages: perhaps it is no text.
    const value = person[name]?.trim?.();
    if (value) out[name] = value;
  }
  return out;
}
