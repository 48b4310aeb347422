// Who writes, and the first message, on one screen. Only what is not known yet is asked; checked on leaving a field.
import type { FieldError } from '../protocol';
import { backButton, closeButton, type Context, type Screen } from './context';
import { h } from './dom';
import { createField, type Field, type FieldName } from './fields';

export interface FormScreen extends Screen {
  /** Asks again, with what the server said about a message it did not take. */
  refill(text: string, errors: FieldError[]): void;
}

/** The server names fields by their path. */
export const lastName = ({ field }: FieldError): string => field.split('.').at(-1) ?? '';

export const ASKED: readonly string[] = ['name', 'email', 'department'] satisfies FieldName[];

export function form(context: Context): FormScreen {
  const { client, config, prefs } = context;
  const { t } = context.words;
  const intro = h('p.intro');
  const room = h('div.asks');
  const node = h(
    'form.screen.form',
    { novalidate: true, onsubmit: (event) => (event.preventDefault(), submit()) },
    h('header.slim', backButton(context), h('h1', t('home.start')), closeButton(context)),
    h('main', intro, room),
    h('div.foot', h('button.primary', { type: 'submit' }, t('form.send'))),
  );
  let fields: Field[] = [];
  let asked = '';

  const find = (name: string) => fields.find((one) => one.name === name);
  const valueOf = (name: FieldName) => find(name)?.control.value.trim();
  const missing = () => prefs.missing(client.tickets.known);

  function build(names: FieldName[]): void {
    fields = [...names, 'message' as const].map((name) => createField(name, context));
    room.replaceChildren(...fields.map((one) => one.node));
  }

  function submit(): void {
    for (const one of fields) one.show(one.check());
    const wrong = fields.find((one) => one.check());
    if (wrong) return wrong.control.focus();
    const text = valueOf('message') ?? '';
    const department = valueOf('department');
    prefs.remember({ name: valueOf('name'), email: valueOf('email') });
    prefs.keepDraft({});
    asked = '';
    client.send(text, prefs.form(department));
    context.go('chat');
  }

  function update(): void {
    intro.textContent = client.state.online ? t('form.intro') : config.settings.offline_text || t('chat.away_note');
    const names = missing();
    const wanted = names.join();
    // What somebody is filling in is not taken from under their hands.
    if (asked === wanted || room.contains(document.activeElement)) return;
    asked = wanted;
    build(names);
  }

  function refill(text: string, errors: FieldError[]): void {
    const named = errors.map(lastName).filter((name) => ASKED.includes(name)) as ReturnType<typeof missing>;
    prefs.keepDraft({ message: text });
    build([...new Set([...missing(), ...named])]);
    asked = missing().join();
    for (const error of errors) find(lastName(error))?.show(error.message);
  }

  const focus = () => (fields.find((one) => !one.control.value) ?? fields[0])?.control.focus();
  return { node, update, focus, refill };
}
