// A message left while nobody is online, loaded when one is begun (T-150). It is answered by e-mail, so that is asked for; what was typed
// stays until the server has it.
import type { Closed, Page, PanelConfig, Person } from '../../shared/config';
import type { Draft } from '../prefs';
import type { FieldError, Refusal, Upload } from '../protocol';
import { uuid } from '../uuid';
import type { Ask } from './bring';
import type { Context } from './context';
import { button, h, say } from './dom';
import { createField, type Field, type FieldName } from './fields';
import { askConsent, guard, prove } from './guard';
import { wear } from './sheet';
import { createWords } from './words';
import texts from 'texts:offline';
import css from './offline.css?inline';

wear(css);

/** What the panel lends: properties are shortened in it, so it gives these under names of their own, and gets no object back. */
interface Lent {
  /** What is known of the visitor, and what was written already. */
  known: Draft;
  page: Page | undefined;
  /** Where it would go, and when somebody is there again. */
  where: { closed?: Closed | null };
  save(draft: Draft): void;
  /** What stands at both ends of the head: the way back, and the way out where there is one. */
  ends: [HTMLElement, HTMLElement | false];
  /** Another department was chosen: perhaps somebody is there. */
  write(): void;
  /** The server has it. */
  stored(person: Person): void;
}

export function offline(cfg: PanelConfig, ask: Ask, lent: Lent): [HTMLElement, () => void] {
  const known = { ...cfg.texts, ...texts[cfg.language] };
  const words = createWords({ ...cfg, texts: known });
  const { t } = words;
  const prefs = { person: {}, draft: lent.known, keepDraft: (draft: Draft) => lent.save((prefs.draft = draft)) };
  const context = { config: cfg, words, prefs };
  const names: FieldName[] = [
    'name',
    'email',
    ...(cfg.departments[0] && known['form.department'] ? ['department' as const] : []),
    'message',
  ];
  const fields: Field[] = names.map((name) => createField(name, context as unknown as Context));
  const choice = fields.find(({ name }) => name === 'department')?.control;
  if (choice) choice.onchange = lent.write;
  const adding = h('div.adding');
  const brought = h('small');
  const fault = h('p.error.fault', { role: 'alert' });
  const terms = h('div.terms', { role: 'alert' });
  let label = t('offline.send');
  const send = h('button.primary', { type: 'submit' }, label);
  const main = h(
    'main',
    h(
      'p.intro',
      (cfg.settings.offline_form_intro || cfg.settings.offline_text || t('home.offline')) +
        words.reopens(lent.where.closed) +
        ' ' +
        t('offline.answer'),
    ),
    fault,
    h('div.asks', ...fields.map(({ node }) => node), adding, brought),
    terms,
  );
  const node = h(
    'form.screen.form',
    { novalidate: true, onsubmit: (event) => (event.preventDefault(), void submit()) },
    h('header.slim', lent.ends[0], h('h1', t('offline.title')), lent.ends[1]),
    main,
    h('div.foot', send),
  );
  const guarded = guard(node, cfg.prove, ask);
  /** What the server asked to be solved, once it has. */
  let proof: string | undefined;
  /** The same while the same is tried again, so that it is never left twice. */
  let id = uuid();
  let isSending = false;
  let { consent } = lent.known;
  /** What is there already and only waits for the message; which of it was said with `id` before. */
  const files = new Map<string, string>();
  let said: string[] = [];
  /** Files that an earlier message, left after all, may have taken. */
  let taken: string[] = [];
  /** What is not there yet. */
  const waiting: Upload[] = [];
  let tray: import('./attach').Tray | undefined;

  say(fault, '');
  say(brought, '');
  if (cfg.files) adding.append(button('link', () => void attach(), t('composer.attach')));

  async function attach(): Promise<void> {
    try {
      const part = await import('./attach');
      const field = fields.at(-1)!.control;
      tray ??= part.tray(adding, cfg, t, () => {}, field);
      tray.toggle();
    } catch {
      // It did not come through: the next press asks again.
      say(fault, t('offline.failed'));
    }
  }

  function nameFiles(): void {
    const names = [...files.values(), ...waiting.map(({ name }) => name)];
    say(brought, names[0] ? `${t('offline.files')}: ${names.join(', ')}` : '');
  }

  function refuse(reason: string): false {
    say(fault, reason);
    return false;
  }

  /** The files first; answers whether all are there. */
  async function bringAll(): Promise<boolean> {
    if (!tray) return true;
    const { bring, forget } = await import('./attach');
    const [uploads, isThere] = tray.grab();
    waiting.push(...uploads);
    nameFiles();
    await isThere;
    for (let upload = waiting[0]; upload; upload = waiting[0]) {
      const file = await bring(upload, ask, cfg, () => {});
      // It comes with the next attempt.
      if (!file) return refuse(t('offline.failed'));
      waiting.shift();
      void forget(upload.key, cfg);
      if ('url' in file) files.set(file.id, file.name);
      nameFiles();
      if (!('url' in file)) return refuse(file.message);
    }
    return true;
  }

  async function submit(): Promise<void> {
    for (const one of fields) one.show(one.check());
    const wrong = fields.find((one) => one.check());
    if (wrong) return wrong.control.focus();
    if (isSending) return;
    if (tray?.isBusy()) return say(fault, t('offline.files_busy'));
    isSending = send.disabled = true;
    send.textContent = t('offline.sending');
    say(fault, '');
    try {
      if (await bringAll()) await post();
    } catch {
      say(fault, t('offline.failed'));
    }
    isSending = send.disabled = false;
    send.textContent = label;
  }

  async function post(): Promise<void> {
    const typed: Draft = Object.fromEntries(fields.map(({ name, control }) => [name, control.value.trim()]));
    const { name, email, department, message: text } = typed;
    const { website, proof: solved } = guarded();
    const rest = { consent, files: [...files.keys()], page: lent.page, website, proof: proof ?? solved };
    const body = { id, name, email, department, text, ...rest };
    proof = undefined;
    const before = said;
    said = [...new Set([...said, ...rest.files])];
    const response = await ask('POST', 'offline-messages', JSON.stringify(body));
    if (response?.ok) return thank(email ?? '', { name, email, consent });
    const { error } = ((await response?.json().catch(() => null)) ?? {}) as {
      error?: Refusal & { fields?: FieldError[] };
    };
    const again = await prove(id, {}, error?.detail);
    if (again) {
      proof = again.proof;
      return post();
    }
    // An earlier attempt arrived after all, with less or something else: this is another message then.
    if (error?.code === 'client_id_reused') {
      id = uuid();
      taken = before;
      said = [];
      return post();
    }
    for (const one of error?.fields ?? []) {
      const at = one.field === 'text' ? 'message' : one.field;
      fields.find((field) => field.name === at)?.refuse(one.message);
    }
    if (error?.fields?.some(({ field }) => field === 'files')) {
      // The message that arrived has them; nothing is lost.
      if (taken[0]) {
        for (const file of taken) files.delete(file);
        taken = [];
        return post();
      }
      files.clear();
      nameFiles();
    }
    const wanted = error?.fields?.find(({ field }) => field === 'consent');
    const agree = wanted && (await askConsent(cfg, terms, wanted.message));
    if (agree) {
      label = agree;
      consent = 'yes';
    }
    const isShown =
      wanted || error?.fields?.some(({ field }) => names.includes((field === 'text' ? 'message' : field) as FieldName));
    if (!isShown)
      say(
        fault,
        error && response?.status !== 401 ? (error.fields?.[0]?.message ?? error.message) : t('offline.failed'),
      );
  }

  function thank(email: string, person: Person): void {
    lent.save({});
    lent.stored(person);
    const told = h(
      'div.left',
      { role: 'status', tabindex: -1 },
      h('b', t('offline.sent')),
      h('p', t('offline.sent_text', { email })),
    );
    main.replaceChildren(told);
    send.parentElement?.remove();
    told.focus();
  }

  const focus = () => (fields.find((one) => one.check()) ?? fields[0])?.control.focus();
  return [node, focus];
}
