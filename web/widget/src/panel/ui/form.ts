// Who writes, and the first message, on one screen. Only what is not known yet is asked; checked on leaving a field.
import type { FieldError, Form, Upload } from '../protocol';
import type { Draft } from '../prefs';
import { backButton, closeButton, type Context, type Screen } from './context';
import { h, none, say } from './dom';
import { createField, departmentText, type Field } from './fields';

export interface FormScreen extends Screen {
  /** Asks again, with all that was written, and what the server said about a message it did not take. */
  refill(errors: FieldError[]): void;
}

/** The server names fields by their path. */
const lastName = ({ field }: FieldError): string => field.split('.').at(-1) ?? '';

/** In this order. */
const ASKED = ['name', 'email', 'department'] as const;

export const isAsked = (error: FieldError): boolean => ASKED.some((name) => name === lastName(error));

export function form(context: Context): FormScreen {
  const { client, config, prefs } = context;
  const { t } = context.words;
  const intro = h('p.intro');
  const room = h('div.asks', { hidden: true });
  const node = h(
    'form.screen.form',
    { novalidate: true, onsubmit: (event) => (event.preventDefault(), submit()) },
    h('header.slim', backButton(context), h('h1', t('home.start')), closeButton(context)),
    h('main', intro, room),
    h('div.foot', h('button.primary', { type: 'submit' }, t('form.send'))),
  );
  let fields: Field[] = [];
  let asked = '';
  let guarding: Promise<void> | undefined;
  /** Files of messages that were not taken: they go with what is sent from here. */
  let uploads: Upload[] = [];
  /** What keeps machines away, once it is there. */
  let guarded: () => Form = () => ({});

  const find = (name: string) => fields.find((one) => one.name === name);
  const missing = () => prefs.missing(client.tickets.known);

  function build(wanted: string[]): void {
    const names = ASKED.filter((name) => wanted.includes(name));
    fields = [...names, 'message' as const].map((name) => createField(name, context));
    room.replaceChildren(...fields.map((one) => one.node));
    const choice = find('department')?.control;
    if (choice) choice.onchange = () => (context.write(), update());
    // Where it does not come through, the form is plain and the server asks for what it needs.
    guarding ??= import('./guard')
      .then((part) => (guarded = part.guard(node, config.prove, client.ask)), none)
      .then(shown);
  }

  function shown(): void {
    room.hidden = false;
    if (node.isConnected) focus();
  }

  /** Who is there changes while the form stands open (T-132). */
  function nameDepartments({ options }: HTMLSelectElement): void {
    for (const one of config.departments) {
      const option = [...options].find(({ value }) => value === one.id);
      if (option) say(option, departmentText(one, t));
    }
  }

  function submit(): void {
    for (const one of fields) one.show(one.check());
    const wrong = fields.find((one) => one.check());
    if (wrong) return wrong.control.focus();
    // Everybody has gone meanwhile: it is answered by e-mail, which is said before it is sent.
    if (context.isAway()) return context.write();
    const written: Draft = Object.fromEntries(fields.map(({ name, control }) => [name, control.value.trim()]));
    const { message = '', ...given } = written;
    prefs.keepDraft({});
    asked = '';
    client.send(message, prefs.form({ ...given, ...guarded() }), uploads);
    uploads = [];
    context.go('chat');
  }

  function update(): void {
    const choice = find('department')?.control as HTMLSelectElement | undefined;
    if (choice) nameDepartments(choice);
    const { online, closed } = context.there();
    intro.textContent = online
      ? t('form.intro')
      : (config.settings.offline_text || t('chat.away_note')) + context.words.reopens(closed);
    const names = missing();
    const wanted = names.join();
    // What somebody is filling in is not taken from under their hands.
    if (asked === wanted || room.contains(document.activeElement)) return;
    asked = wanted;
    build(names);
  }

  function refill(errors: FieldError[]): void {
    const back = client.outbox.recall();
    uploads = back.flatMap(({ upload }) => upload ?? []);
    const texts = [...back.map(({ text }) => text), prefs.draft.message ?? ''];
    const { name, email, department } = back[0]?.form ?? {};
    prefs.keepDraft({ name, email, department, message: texts.join('\n').trim() });
    asked = missing().join();
    build([...missing(), ...errors.map(lastName)]);
    for (const error of errors) find(lastName(error))?.refuse(error.message);
  }

  const focus = () => (fields.find((one) => one.check()) ?? fields[0])?.control.focus();
  return { node, update, focus, refill };
}
