// What the panel remembers of the visitor in the site's own storage: name and e-mail once given, sound, what is being written.
import type { PanelConfig, Person } from '../shared/config';
import type { Host, Init } from './host';
import type { Form } from './protocol';

interface Kept extends Person {
  muted?: boolean;
}

/** What has been written and not sent: the fields of the form, and the message. */
export type Draft = Person & Pick<Form, 'department'> & { message?: string };

const ASKED = ['name', 'email'] as const;
const NAMES = [...ASKED, 'consent'] as const;

export class Prefs {
  private kept: Kept = {};
  /** What the site says about its logged-in user: never stored, and what the visitor typed goes before it. */
  private hint: Person = {};
  /** What else it says, for the agents. */
  private given: Form = {};
  draft: Draft = {};

  constructor(
    private readonly config: PanelConfig,
    private readonly host: Host,
  ) {}

  load({ items, contact = {}, custom }: Init): void {
    this.draft = read(items.d);
    this.kept = read(items.p);
    this.hint = clean(contact);
    this.given = {};
    const { phone, id } = contact;
    if (phone) this.given.phone = `${phone}`;
    if (id) this.given.customer_id = `${id}`;
    if (custom) this.given.custom = custom;
  }

  heard(k: string, v: string | null): void {
    if (k === 'p') this.kept = { ...this.kept, ...read(v) };
  }

  get person(): Person {
    return { ...this.hint, ...clean(this.kept) };
  }

  get isMuted(): boolean {
    return !!this.kept.muted;
  }

  /** What the server has accepted; not what the site said. */
  remember(form: Form): void {
    const given = clean(form);
    for (const name of NAMES) if (given[name] === this.hint[name]) delete given[name];
    if (NAMES.some((name) => given[name])) this.keep(given);
  }

  /** Whoever was here is nobody any more; what is being written stays. */
  forget(): void {
    const { muted } = this.kept;
    this.kept = {};
    this.keep({ muted });
    this.keepDraft({ message: this.draft.message });
  }

  mute(muted: boolean): void {
    this.keep({ muted });
  }

  /** Kept at every change: a page that goes away leaves its frame no time to say anything. Blanks count as nothing. */
  keepDraft(draft: Draft): void {
    this.draft = draft;
    const written = Object.entries(draft).filter(([, value]) => value?.trim());
    void this.host.put('d', written[0] ? JSON.stringify(Object.fromEntries(written)) : null);
  }

  /** The fields that still have to be asked before a conversation is opened. */
  missing(isKnown: boolean): (keyof Form)[] {
    const { settings, departments, texts } = this.config;
    const { person } = this;
    const names = ASKED.filter((name) => settings[`ask_${name}`] && !person[name] && !isKnown);
    // Where there was nothing to choose, the page has no texts for a choice, and the server chooses.
    return departments[0] && texts['form.department'] ? [...names, 'department'] : names;
  }

  /** What goes with a message that may open a conversation. */
  form(given: Form = {}): Form {
    return { ...this.given, ...this.person, ...given };
  }

  private keep(change: Kept): void {
    this.kept = { ...this.kept, ...change };
    void this.host.put('p', JSON.stringify(this.kept));
  }
}

function read(text: string | null | undefined): Kept & Draft {
  try {
    return { ...(JSON.parse(text ?? '') as Kept & Draft) };
  } catch {
    // Nothing, cut off or not ours: it is asked again.
    return {};
  }
}

function clean(person: { [name in keyof Person]?: string | number }): Person {
  const out: Person = {};
  for (const name of NAMES) {
    // It comes from other people's pages: perhaps it is no text.
    const value = `${person[name] ?? ''}`.trim();
    if (value) out[name] = value;
  }
  return out;
}
