// The offer of a copy by e-mail, loaded when a conversation has ended and the company offers any.
import type { Rest } from '../rest';
import { button, h, say } from './dom';
import { withTexts } from './part-texts';
import { wear } from './sheet';
import texts from 'texts:copy';
import css from './copy.css?inline';

wear(css);

const t = withTexts(texts, (text, values) => text.replace('{address}', () => `${values?.address}`));

/** Where a copy goes; null: that has to be said. */
type Where = { to: string | null };

/** Hidden until it is known that there is one. Nothing is sent before that is confirmed. */
export function copy(ask: Rest['call'], conversation: string): HTMLElement {
  const path = `conversations/${conversation}/copy`;
  const node = h('div.by-mail', { hidden: true });
  void begin();

  async function begin(): Promise<void> {
    const answer = await ask('GET', path);
    if (!answer?.ok) return;
    offer(((await answer.json()) as Where).to);
    node.hidden = false;
  }

  function offer(to: string | null): HTMLElement {
    const opener = button('link', () => node.replaceChildren(form(to)), t('copy.offer'));
    node.replaceChildren(opener);
    return opener;
  }

  function form(to: string | null): HTMLElement {
    const control = h('input', { id: 'copy-to', type: 'email', autocomplete: 'email', maxlength: 254 });
    const fault = h('p.fault', { id: 'copy-fault', role: 'alert', hidden: true });
    const send = h('button.primary', { type: 'submit' }, t('copy.send'));
    const cancel = button('link', () => offer(to).focus(), t('copy.cancel'));
    const asked = to ? t('copy.to', { address: to }) : t('copy.where');
    control.setAttribute('aria-describedby', fault.id);
    const made = h(
      'form',
      { 'aria-label': t('copy.offer'), novalidate: true, onsubmit },
      to ? h('p', asked) : h('label', { for: control.id }, asked),
      !to && control,
      fault,
      h('span.acts', cancel, send),
    );
    setTimeout(() => (to ? send : control).focus());

    function onsubmit(event: Event): void {
      event.preventDefault();
      void post();
    }

    async function post(): Promise<void> {
      send.disabled = true;
      const answer = await ask('POST', path, JSON.stringify(to ? {} : { email: control.value }));
      send.disabled = false;
      if (answer?.ok) return done(((await answer.json()) as Where).to);
      const status = answer?.status;
      control.ariaInvalid = String(status === 422);
      say(fault, t(status === 422 ? 'copy.invalid' : status === 429 || status === 409 ? 'copy.enough' : 'copy.failed'));
      if (status === 422) control.focus();
    }

    return made;
  }

  function done(to: string | null): void {
    const said = h('p', { role: 'status', tabindex: -1 }, t('copy.sent', { address: to ?? '' }));
    node.replaceChildren(said);
    said.focus();
  }

  return node;
}
