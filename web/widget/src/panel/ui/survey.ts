// The satisfaction survey, loaded when a conversation that has ended asks for one (T-181).
import type { Client } from '../client';
import { button, h, say } from './dom';
import { withTexts } from './part-texts';
import { wear } from './sheet';
import texts from 'texts:survey';
import css from './survey.css?inline';

wear(css);

const t = withTexts(texts, (text) => text);

/** Asks once. Nothing is sent before a grade is chosen and confirmed. */
export function survey(client: Client, onRated: () => void): HTMLElement | null {
  const { conversation } = client.state;
  const asked = conversation?.survey;
  if (!conversation || !asked) return null;
  const { id } = conversation;
  const { lowest, highest } = asked;
  const question = asked.question || t('survey.question');
  const grades = Array.from({ length: highest - lowest + 1 }, (_, index) => lowest + index);
  const radios = grades.map((grade) =>
    h(
      'label.grade',
      h('input', { type: 'radio', name: 'grade', value: grade, onchange: choose }),
      h('span', `${grade}`),
    ),
  );
  const comment = h('textarea', {
    rows: 2,
    maxlength: 1000,
    placeholder: t('survey.comment'),
    'aria-label': t('survey.comment'),
  });
  const more = h('div.more', { hidden: true }, comment);
  const send = h('button.primary', { type: 'submit', disabled: true }, t('survey.send'));
  const fault = h('p.fault', { role: 'alert', hidden: true });
  const node = h(
    'form.survey',
    { 'aria-label': question, onsubmit: submit },
    h('b', question),
    h('div.grades', { role: 'radiogroup', 'aria-label': question }, ...radios),
    h('div.ends', { 'aria-hidden': 'true' }, h('span', t('survey.worst')), h('span', t('survey.best'))),
    more,
    fault,
    h(
      'span.acts',
      button('link', () => void answer(null), t('survey.skip')),
      send,
    ),
  );

  function chosen(): number | null {
    const radio = node.querySelector<HTMLInputElement>('input:checked');
    return radio ? Number(radio.value) : null;
  }

  function choose(): void {
    more.hidden = false;
    send.disabled = false;
  }

  function submit(event: Event): void {
    event.preventDefault();
    const grade = chosen();
    if (grade !== null) void answer(grade);
  }

  async function answer(grade: number | null): Promise<void> {
    send.disabled = true;
    const body = JSON.stringify({ grade, comment: grade === null ? '' : comment.value });
    const response = await client.ask('PUT', `conversations/${id}/rating`, body);
    // What was answered elsewhere, or too late, is asked no more either.
    const isOver = response?.ok || response?.status === 409 || response?.status === 404;
    if (!isOver) {
      send.disabled = chosen() === null;
      return say(fault, t('survey.failed'));
    }
    if (grade === null || !response.ok) node.remove();
    else {
      node.replaceChildren(h('p', { role: 'status' }, t('survey.thanks')));
      onRated();
    }
  }

  return node;
}
