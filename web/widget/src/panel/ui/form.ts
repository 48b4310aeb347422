// Who writes, and the first message, on one screen, loaded when somebody begins. Only what is not known yet is asked; checked on leaving a
// field.
import type { Closed, PanelConfig } from '../../shared/config';
import type { Draft } from '../prefs';
import type { FieldError, Form, Upload } from '../protocol';
import type { Context } from './context';
import type { Ask } from './bring';
import { h, say } from './dom';
import { createField, departmentText, type Field } from './fields';
import { askConsent, guard } from './guard';
import { createWords } from './words';

/** What the panel lends: properties are shortened in it, so it gives these under names of their own. */
export interface FormLent {
  /** What stands at both ends of the head: the way back, and the way out where there is one. */
  ends: [HTMLElement, HTMLElement | false];
  /** The fields that have to be asked now. */
  wanted(): string[];
  /** What is known of the visitor, and what was written already. */
  known(): [Draft, Draft];
  /** Who is there where it would go. */
  where(): { online?: boolean | null; closed?: Closed | null };
  /** Nobody is; it is answered by e-mail. */
  away(): boolean | undefined;
  save(draft: Draft): void;
  /** To where it is written now. */
  write(): void;
  /** Draws the panel anew: another department was chosen. */
  draw(): void;
  post(message: string, given: Form, uploads: Upload[]): void;
  /** Takes back what was not taken: texts, what had been given with the first, and files. */
  back(): [string[], Form, Upload[]];
}

/** Its node, what takes the focus, what draws it anew, and what asks again with all that was written and what the server said about it. */
export type FormParts = [HTMLElement, () => void, () => void, (errors: FieldError[]) => void];

/** The server names fields by their path. */
const lastName = ({ field }: FieldError): string => field.split('.').at(-1) ?? '';

/** In this order. */
const ASKED = ['name', 'email', 'department'] as const;

export function form(cfg: PanelConfig, ask: Ask, lent: FormLent): FormParts {
  const words = createWords(cfg);
  const { t } = words;
  const intro = h('p.intro');
  const room = h('div.asks');
  const terms = h('div.terms', { role: 'alert' });
  const send = h('button.primary', { type: 'submit' });
  const node = h(
    'form.screen.form',
    { novalidate: true, onsubmit: (event) => (event.preventDefault(), submit()) },
    h('header.slim', lent.ends[0], h('h1', t('home.start')), lent.ends[1]),
    h('main', intro, room, terms),
    h('div.foot', send),
  );
  /** What keeps machines away. */
  const guarded = guard(node, cfg.prove, ask);
  const prefs = {
    get person() {
      return lent.known()[0];
    },
    get draft() {
      return lent.known()[1];
    },
    keepDraft: (draft: Draft) => lent.save(draft),
  };
  const context = { config: cfg, words, prefs } as unknown as Context;
  let fields: Field[] = [];
  let asked = '';
  /** Files of messages that were not taken: they go with what is sent from here. */
  let uploads: Upload[] = [];
  /** Agreed to by sending. */
  let consent: string | undefined;

  const find = (name: string) => fields.find((one) => one.name === name);

  function build(wanted: string[]): void {
    const names = ASKED.filter((name) => wanted.includes(name));
    fields = [...names, 'message' as const].map((name) => createField(name, context));
    room.replaceChildren(...fields.map((one) => one.node));
    const choice = find('department')?.control;
    // Only where nobody is there it is written elsewhere: what is agreed to here is not asked for on another screen.
    if (choice) choice.onchange = () => (lent.away() && lent.write(), lent.draw());
  }

  /** Who is there changes while the form stands open (T-132). */
  function nameDepartments({ options }: HTMLSelectElement): void {
    for (const one of cfg.departments) {
      const option = [...options].find(({ value }) => value === one.id);
      if (option) say(option, departmentText(one, t));
    }
  }

  function begin(): void {
    terms.replaceChildren();
    send.textContent = t('form.send');
    consent = undefined;
  }

  async function agree(said: string): Promise<void> {
    consent = await askConsent(cfg, terms, said);
    if (consent) send.textContent = consent;
  }

  function submit(): void {
    for (const one of fields) one.show(one.check());
    const wrong = fields.find((one) => one.check());
    if (wrong) return wrong.control.focus();
    // Everybody has gone meanwhile: it is answered by e-mail, which is said before it is sent.
    if (lent.away()) return lent.write();
    const written: Draft = Object.fromEntries(fields.map(({ name, control }) => [name, control.value.trim()]));
    const { message = '', ...given } = written;
    lent.save({});
    asked = '';
    const files = uploads;
    uploads = [];
    const agreed = consent && { consent: 'yes' };
    begin();
    lent.post(message, { ...given, ...agreed, ...guarded() }, files);
  }

  function update(): void {
    const choice = find('department')?.control as HTMLSelectElement | undefined;
    if (choice) nameDepartments(choice);
    if (consent && prefs.person.consent) begin();
    const { online, closed } = lent.where();
    const names = lent.wanted();
    // Who they are may be known, and only what the server asks for besides is missing.
    const asks = names[0] || fields[1] ? t('form.intro') : '';
    const { offline_form_intro, offline_text } = cfg.settings;
    const away = () => (offline_form_intro || offline_text || t('chat.away_note')) + words.reopens(closed);
    say(intro, online ? asks : away());
    const wanted = names.join();
    // What somebody is filling in is not taken from under their hands.
    if (asked === wanted || room.contains(document.activeElement)) return;
    asked = wanted;
    build(names);
  }

  function refill(errors: FieldError[]): void {
    const [texts, given, files] = lent.back();
    uploads = files;
    const { name, email, department } = given;
    const message = [...texts, prefs.draft.message ?? ''].join('\n').trim();
    lent.save({ name, email, department, message });
    const names = lent.wanted();
    asked = names.join();
    build([...names, ...errors.map(lastName)]);
    for (const error of errors) find(lastName(error))?.refuse(error.message);
    const refused = errors.find((error) => lastName(error) === 'consent');
    // What the server would ask for next is asked at once.
    const isOwed = cfg.privacy?.consent === 'required' && !prefs.person.consent;
    if (refused || isOwed) void agree(refused?.message ?? '');
  }

  begin();
  const focus = () => (fields.find((one) => one.check()) ?? fields[0])?.control.focus();
  return [node, focus, update, refill];
}
