// The form's fields: each with its control, what must be true of it, and where it says what is wrong.
import type { Department } from '../../shared/config';
import type { Draft } from '../prefs';
import type { Context } from './context';
import { h, say } from './dom';
import type { Words } from './words';

export type FieldName = 'name' | 'email' | 'department' | 'message';

export interface Field {
  name: FieldName;
  node: HTMLElement;
  control: HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement;
  /** The sentence that says what is wrong, or nothing. */
  check(): string;
  show(error: string): void;
  /** What the server said of this value: it stands until the value is another one. */
  refuse(error: string): void;
}

const EMAIL = /^\S+@\S+\.[^\s.]{2,}$/;

export const departmentText = ({ name, online, closed }: Department, t: Words['t']): string =>
  online ? name : t(closed ? 'form.department_closed' : 'form.department_offline', { name });

function controlOf(name: FieldName, { config, words: { t } }: Context): Field['control'] {
  if (name === 'message') return h('textarea', { rows: 4 });
  if (name === 'name') return h('input', { autocomplete: name, maxlength: 120 });
  if (name === 'email') return h('input', { type: name, inputmode: name, autocomplete: name, maxlength: 254 });
  const options = config.departments.map((one) => h('option', { value: one.id }, departmentText(one, t)));
  return h('select', h('option', { value: '' }, t('form.department_choose')), ...options);
}

export function createField(name: FieldName, context: Context): Field {
  const { prefs, words } = context;
  const { t } = words;
  const known: Draft = { ...prefs.person, ...prefs.draft };
  const control = controlOf(name, context);
  const error = h('small.error', { id: `error-${name}` });
  control.id = `field-${name}`;
  control.value = known[name] ?? '';
  control.setAttribute('aria-describedby', error.id);

  let refused: string | undefined;
  let refusal = '';

  function check(): string {
    const value = control.value.trim();
    if (value === refused) return refusal;
    if (!value) return t(`form.${name}_required`);
    if (name === 'message') return words.checkLength(value);
    return name !== 'email' || EMAIL.test(value) ? '' : t('form.email_invalid');
  }

  function show(text: string): void {
    say(error, text);
    control.ariaInvalid = String(!!text);
  }

  function refuse(text: string): void {
    refused = control.value.trim();
    refusal = text;
    show(text);
  }

  show('');
  // Leaving an empty field is no mistake yet; sending it is.
  control.onblur = () => control.value.trim() && show(check());
  control.oninput = () => {
    prefs.keepDraft({ ...prefs.draft, [name]: control.value });
    if (control.ariaInvalid === 'true') show(check());
  };
  return {
    name,
    control,
    check,
    show,
    refuse,
    node: h('div.ask', h('label', { for: control.id }, t('form.' + name)), control, error),
  };
}
