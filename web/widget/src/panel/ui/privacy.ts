// What the company says of its visitors' data, loaded where it says anything: a line on the first screen, and where consent is asked for, a
// screen before the first message.
import type { PanelConfig, Privacy } from '../../shared/config';
import { button, h, link } from './dom';
import { withTexts } from './part-texts';
import { wear } from './sheet';
import texts from 'texts:privacy';
import css from './privacy.css?inline';

wear(css);

const t = withTexts(texts, (text) => text);

const policy = ({ privacy }: PanelConfig): HTMLElement | false =>
  !!privacy?.url && link(privacy.url, t('privacy.policy'));

/** Under the cards of the first screen. */
export const privacyLine = (cfg: PanelConfig): HTMLElement =>
  h('p.privacy', cfg.privacy?.consent === 'notice' && (cfg.privacy.text || t('privacy.notice')), ' ', policy(cfg));

/** Asks; answers the screen, and what takes the focus there. `ends`: the way back, and the way out where there is one. */
export function consent(
  cfg: PanelConfig,
  ends: [HTMLElement, HTMLElement | false],
  agreed: () => void,
): [HTMLElement, () => void] {
  const agree = button('primary', agreed, t('privacy.agree'));
  const node = h(
    'div.screen.form',
    h('header.slim', ends[0], h('h1', t('privacy.title')), ends[1]),
    h('main', h('p', cfg.privacy?.text || t('privacy.consent')), h('p.privacy', policy(cfg))),
    h('div.foot', agree),
  );
  return [node, () => agree.focus()];
}

/** As the company asks it now: a page that has stood for long may be older than what it wants. */
async function latest(cfg: PanelConfig): Promise<Privacy | undefined> {
  if (cfg.privacy?.consent === 'required') return cfg.privacy;
  const answer = await fetch(location.href, { cache: 'no-cache' });
  const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
  const now = JSON.parse(page.getElementById('config')?.textContent ?? '') as PanelConfig;
  return (cfg.privacy = now.privacy);
}

/** What is agreed to by sending a form, and what its button says then. */
export async function terms(cfg: PanelConfig): Promise<[node: HTMLElement, agree: string]> {
  const asked = await latest(cfg);
  const said = h('p', asked?.text || t('privacy.consent'));
  return [h('div', said, h('p.privacy', policy(cfg))), t('privacy.agree')];
}
