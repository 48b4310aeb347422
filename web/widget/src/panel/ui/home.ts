// The first screen: greeting, a way to write, the visitor's own conversation, other channels.
import { initialsOf } from '@balcao/ui/initials';
import type { PanelConfig } from '../../shared/config';
import { closeButton, type Context, type Screen } from './context';
import { button, h, icon, link, none, say } from './dom';
import { summary } from './rows';

/** A picture, or the initials where there is none or it does not come. */
export function tile(name: string, address: string): HTMLElement {
  const node = h('span.tile', { 'aria-hidden': 'true' }, initialsOf(name));
  if (address) {
    const picture = h('img', { src: address, alt: '', onload: () => node.replaceChildren(picture) });
  }
  return node;
}

/** Where a picture of the connection lies; nothing where there is none. */
export const pictureOf = ({ base }: PanelConfig, id: string | null | undefined): string =>
  id ? `${base}/pictures/${id}` : '';

/** The server keeps digits for WhatsApp, a bare name or a number with its + for Telegram. */
function channelLinks({ config }: Context): HTMLElement[] {
  const { whatsapp, telegram } = config.settings;
  return [
    ...(whatsapp ? [link('https://wa.me/' + whatsapp, 'WhatsApp')] : []),
    ...(telegram ? [link('https://t.me/' + telegram, 'Telegram')] : []),
  ];
}

export function home(context: Context): Screen {
  const { config, client, prefs, self, words } = context;
  const { t } = words;
  const greeting = h('h1', { tabindex: -1 });
  // The cards stand as long as the screen; only their words change, so that no press is ever lost.
  const state = h('small', { role: 'status' });
  const start = button(
    'card start',
    context.write,
    h('span', h('b', t('home.start')), state),
    h('span.go', icon('right')),
  );
  const which = h('small');
  const who = h('b.cut');
  const time = h('small');
  const text = h('small.cut');
  const count = h('span.count');
  const own = button(
    'card own',
    () => context.go('chat'),
    which,
    h('span.line', who, time),
    h('span.line', text, count),
  );
  const links = channelLinks(context);
  const channels = links.length > 0 && h('div.card.channels', h('b', t('home.channels')), ...links);
  const main = h('main', h('div.cards', start, own, channels));
  /** For a browser that somebody else has used. */
  let anew: Promise<void> | undefined;
  const node = h(
    'div.screen.home',
    h(
      'header',
      h('div.bar', tile(self, pictureOf(config, config.settings.logo)), h('b.cut', self), closeButton(context)),
      greeting,
    ),
    main,
    config.settings.show_branding && h('footer', t('home.branding')),
  );

  function updateOwn(): void {
    const { conversation } = client.state;
    const last = summary(client, words);
    own.hidden = !conversation || !last;
    start.hidden = !own.hidden && client.isRunning && !client.isGone;
    if (!conversation || !last) return;
    which.textContent = t(client.isRunning ? 'home.conversation' : 'home.conversation_closed');
    who.textContent = conversation.agent?.name || self;
    time.textContent = words.time(last.at);
    text.textContent = last.text;
    say(count, client.unread ? String(client.unread) : '');
    count.ariaLabel = t('loader.unread', { count: client.unread });
  }

  function update(): void {
    const { name } = prefs.person;
    const { isGone, isOnline } = client;
    greeting.textContent = config.settings.greeting || (name ? t('home.greeting_named', { name }) : t('home.greeting'));
    const reopens = words.reopens(client.state.closed);
    const away = isGone ? t('line.gone') : (config.settings.offline_text || t('home.offline')) + reopens;
    say(state, isOnline ? t('home.online') : isOnline === null ? '' : away);
    state.classList.toggle('is-online', !!isOnline);
    start.disabled = isGone;
    // Whom the site has signed, only the site can log out.
    if ((client.tickets.known || client.state.conversation) && !client.tickets.verified)
      anew ??= import('./fresh').then((part) => part.fresh(main, client.forget), none);
    updateOwn();
  }

  return { node, update, focus: () => greeting.focus() };
}
