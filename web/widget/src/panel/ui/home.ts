// The first screen: greeting, a way to write, the visitor's own conversation, other channels.
import { initialsOf } from '@balcao/ui/initials';
import { closeButton, type Context, type Screen } from './context';
import { button, h, icon, link, none, say } from './dom';
import { summary } from './rows';

/** Shows the company's picture, of who is there or not, or its agents'; the initials where there is none or it does not come. */
export function show(face: HTMLElement, { client, config: { base, settings } }: Context, isAgents?: unknown): void {
  const photo = isAgents && settings.agent_picture;
  const id = photo || (!isAgents && client.isOnline === false && settings.offline_logo) || settings.logo;
  const shown = settings.plugin_name + id;
  if (face.dataset.of === shown) return;
  face.dataset.of = shown;
  const node = h('span.tile', { 'aria-hidden': 'true' }, initialsOf(settings.plugin_name));
  if (id) {
    const picture = h(photo ? 'img.photo' : 'img', {
      src: `${base}/pictures/${id}`,
      alt: '',
      onload: () => node.replaceChildren(picture),
    });
  }
  face.replaceChildren(node);
}

export function home(context: Context): Screen {
  const { config, client, prefs, words } = context;
  const { settings } = config;
  const { t } = words;
  const face = h('span');
  const name = h('b.cut');
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
  const links = Object.entries(config.channels ?? {}).map(([name, href]) => link(href, name));
  const channels = links.length > 0 && h('div.card.channels', h('b', t('home.channels')), ...links);
  const main = h('main', h('div.cards', start, own, channels));
  /** For a browser that somebody else has used. */
  let anew: Promise<void> | undefined;
  const node = h(
    'div.screen.home',
    h('header', h('div.bar', face, name, closeButton(context)), greeting),
    main,
    settings.show_branding && h('footer', t('home.branding')),
  );

  function updateOwn(): void {
    const { conversation } = client.state;
    const last = summary(client, words);
    own.hidden = !conversation || !last;
    start.hidden = !own.hidden && client.isRunning && !client.isGone;
    if (!conversation || !last) return;
    which.textContent = t(client.isRunning ? 'home.conversation' : 'home.conversation_closed');
    who.textContent = conversation.agent?.name || settings.plugin_name;
    time.textContent = words.time(last.at);
    text.textContent = last.text;
    say(count, client.unread ? String(client.unread) : '');
    count.ariaLabel = t('loader.unread', { count: client.unread });
  }

  function update(): void {
    const known = prefs.person.name;
    const { isGone, isOnline } = client;
    show(face, context);
    name.textContent = settings.plugin_name;
    greeting.textContent =
      settings.greeting || (known ? t('home.greeting_named', { name: known }) : t('home.greeting'));
    const reopens = words.reopens(client.state.closed);
    const away = isGone ? t('line.gone') : (settings.offline_text || t('home.offline')) + reopens;
    say(state, isOnline ? t('home.online') : isOnline === null ? '' : away);
    state.classList.toggle('is-online', !!isOnline);
    start.disabled = isGone;
    // Whom the site has signed, only the site can log out.
    if ((client.tickets.known || client.state.conversation) && !client.tickets.verified)
      anew ??= import('./fresh').then((part) => part.fresh(main, config, client.forget), none);
    updateOwn();
  }

  return { node, update, focus: () => greeting.focus() };
}
