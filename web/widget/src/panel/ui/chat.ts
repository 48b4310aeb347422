// The conversation: header, timeline, composer.
import type { Client } from '../client';
import { composer } from './composer';
import { backButton, closeButton, type Context, type Screen } from './context';
import { button, h, iconButton, say } from './dom';
import { show } from './home';
import type { Choice, Ending } from './more';
import { timeline } from './timeline';
import type { Words } from './words';

export interface ChatScreen extends Screen {
  arrived(count: number): void;
}

const hasAgent = ({ isRunning, state }: Client): boolean => isRunning && !!state.conversation?.agent;

/** Somebody is there for this visitor: while a conversation waits, somebody of its department. */
const isAttended = ({ isOnline, state: { conversation } }: Client): boolean | null =>
  isOnline !== null && conversation?.state === 'queue' ? conversation.attended : isOnline;

/** Under the name: what is known now, and no more. */
function stateText({ client, words: { t } }: Context): string {
  const { conversation, queue } = client.state;
  const { isGone, isOnline } = client;
  if (isGone || isOnline === null) return '';
  if (hasAgent(client)) return conversation?.attended ? ' · ' + t('chat.online').toLowerCase() : '';
  if (conversation?.state === 'queue' && conversation.attended)
    return t(queue ? 'chat.position' : 'chat.queue', { position: queue!, ahead: queue! - 1 });
  return t(isAttended(client) ? 'chat.online' : 'chat.offline');
}

/** Whoever answers has gone, and others are there. */
const mayTurnToOthers = (client: Client): boolean =>
  client.line === 'open' && hasAgent(client) && !!client.state.conversation?.others;

/** What to expect, above the messages. */
function hintText({ client, config, words: { t, reopens } }: Context): string {
  const { conversation, rows, past } = client.state;
  // Of the conversation's own department, once there is one.
  const closed = client.isRunning && conversation ? conversation.closed : client.state.closed;
  const isOnline = isAttended(client);
  if (client.isGone) return '';
  const agent = hasAgent(client) && conversation?.agent;
  const { offline_text } = config.settings;
  // Whether one's own agent is there, not whether somebody is.
  if (agent && (conversation?.attended || isOnline === null)) return '';
  if (agent)
    return `${t('chat.agent_away', { name: agent.name })} ${(!isOnline && offline_text) || t('chat.kept')}${reopens(closed)}`;
  if (isOnline === false) return (offline_text || t('chat.away_note')) + reopens(closed);
  return rows.length + past.length + client.outbox.items.length ? '' : t('chat.hint');
}

export function chat(context: Context): ChatScreen {
  const { client, config, prefs } = context;
  const { t } = context.words;
  const face = h('span');
  const name = h('h1.cut');
  const firm = h('span.cut');
  const state = h('span.cut');
  const hint = h('p.hint');
  const other = button('hint other', () => client.returnToQueue(), t('chat.other_agent'));
  const lines = timeline(context, edit);
  const box = composer(context, (text, uploads, isThere) => {
    const asked = client.isRunning ? undefined : (client.outbox.items.at(-1)?.form ?? prefs.form());
    client.send(text, asked, uploads, isThere);
    lines.toEnd();
  });
  const opener = iconButton('more', t('chat.menu'), openMenu);
  const corner = h('div.has-menu', opener);
  let toggle: Promise<() => void> | undefined;
  let end: Ending | undefined;
  let checkMenu: (() => void) | undefined;
  /** Which conversation's survey stands here, or is on its way. */
  let asked = '';
  let survey: HTMLElement | undefined;
  /** After which end a copy is offered here. */
  let ended = '';
  let copy: HTMLElement | undefined;
  const node = h(
    'div.screen.chat',
    h(
      'header.slim',
      backButton(context),
      face,
      h('div.who', name, h('small', firm, state)),
      corner,
      closeButton(context),
    ),
    h('main', hint, other, lines.node, box.node),
  );
  box.listen(node);

  opener.ariaExpanded = 'false';

  async function loadMenu(): Promise<() => void> {
    const { endingOf, menu, moreTexts } = await import('./more');
    const own = moreTexts(t);
    end = endingOf(box.node, own, () => client.end(), box.focus);
    const [turn, check] = menu(corner, opener, () => choices(own));
    checkMenu = check;
    return turn;
  }

  function openMenu(): void {
    // Where it does not come through, the next press asks again.
    (toggle ??= loadMenu()).then((turn) => turn()).catch(() => (toggle = undefined));
  }

  function choices(t: Words['t']): Choice[] {
    const { conversation } = client.state;
    const muted = prefs.isMuted;
    const sound = { text: t(muted ? 'more.unmute' : 'more.mute'), run: () => prefs.mute(!muted) };
    const mayEnd = client.isRunning && (conversation?.may_close ?? config.settings.visitor_may_close);
    return mayEnd ? [sound, { text: t('more.end'), run: () => end?.ask() }] : [sound];
  }

  function edit(id: string): void {
    const item = client.outbox.discard(id);
    if (item) box.take(item.text);
  }

  function update(): void {
    const agent = hasAgent(client) && client.state.conversation?.agent?.name;
    const self = config.settings.plugin_name;
    name.textContent = agent || self;
    show(face, context, agent);
    say(firm, agent ? self : '');
    say(state, stateText(context));
    say(hint, hintText(context));
    other.hidden = !mayTurnToOthers(client);
    if (!client.isRunning) end?.hide();
    checkMenu?.();
    updateSurvey();
    updateCopy();
    lines.update();
    box.update();
  }

  function updateSurvey(): void {
    const { conversation } = client.state;
    const isAsked = conversation?.survey && new Date(conversation.survey.expires_at) > new Date();
    if (!isAsked) {
      // Answered elsewhere, or going on; thanks for what was answered here stay until then.
      if (client.isRunning || survey?.querySelector('.grades')) survey?.remove();
      asked = '';
    } else if (asked !== conversation.id && client.line === 'open') {
      asked = conversation.id;
      import('./survey')
        .then((part) => {
          survey?.remove();
          survey = part.survey(client, () => context.host.did('rating')) ?? undefined;
          if (survey) (copy ?? box.node).before(survey);
        })
        // Where it does not come through, the next change asks again.
        .catch(() => (asked = ''));
    }
  }

  function updateCopy(): void {
    const { conversation } = client.state;
    const end = (!client.isRunning && conversation?.closed_at) || '';
    if (!config.copies || end === ended || client.line !== 'open') return;
    ended = end;
    copy = void copy?.remove();
    if (!end) return;
    import('./copy')
      .then((part) => end === ended && box.node.before((copy = part.copy(client.ask, conversation!.id))))
      .catch(() => (ended = ''));
  }

  return { node, update, focus: box.focus, arrived: lines.arrived };
}
