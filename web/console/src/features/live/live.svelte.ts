// The live state of the workspace for everything that is drawn: socket, reducer and outbox tied together.
import type { Agent, ConversationRow, Me } from '@balcao/api';
import {
  apply,
  byId,
  emptyState,
  LiveSocket,
  Outbox,
  withMessage,
  withTeam,
  type LiveState,
  type SnapshotReason,
  type SocketStatus,
  type StateFrame,
  newId,
  type TypingFrame,
  type Unsent,
  type ViewingFrame,
  type UnsentFile,
} from '@balcao/live';
import { api } from '../../api';
import { tellFailure, toasts } from '../../shell/toasts';
import { session } from '../access/session.svelte';
import { Expiring } from './expiring.svelte';
import { shownFiles } from '../files/shown.svelte';
import { waitingFiles } from '../files/waiting';
import { shiftNotice } from '../shifts/notice';

const TYPING_LASTS = 6_000;
/** Somebody thinks before they go on. */
const WRITING_LASTS = 60_000;
/** It is said again every half minute. */
const VIEWING_LASTS = 75_000;

class Live {
  state = $state.raw<LiveState>(emptyState());
  status = $state<SocketStatus>('idle');
  /** Whether agents, departments and connections have been fetched. */
  people = $state<'loading' | 'ready' | 'failed'>('loading');
  unsent = $state.raw<readonly Unsent[]>([]);
  #typing = new Expiring<TypingFrame>(TYPING_LASTS);
  /** What visitors are writing, by conversation. */
  #writing = new Expiring<string>(WRITING_LASTS);
  /** Colleagues who have a conversation on screen: "conversation/agent id". */
  #viewing = new Expiring<ViewingFrame>(VIEWING_LASTS);

  #socket: LiveSocket | null = null;
  #outbox: Outbox | null = null;
  #viewed: string | null = null;
  /** What others see, as it was told last. */
  #ownStatus: Me['status'] | undefined;
  #wasLive = false;
  #snapshotListeners = new Set<() => void>();
  #frameListeners = new Set<(frame: StateFrame, before: LiveState) => void>();

  /** The connection was lost, or has not come about at the first attempt. */
  get isAway(): boolean {
    return this.status === 'waiting' || (this.status === 'connecting' && this.#wasLive);
  }

  /** Who types where: "conversation/visitor" or "conversation/agent name". */
  get typing(): ReadonlyMap<string, TypingFrame> {
    return this.#typing.all;
  }

  /** What the visitor is writing and has not sent, where the company sees it. */
  writingIn(conversation: string | null): string {
    return (conversation && this.#writing.all.get(conversation)) || '';
  }

  /** Colleagues who look at a conversation right now. */
  viewersOf(conversation: string | null): Agent[] {
    return [...this.#viewing.all.values()]
      .filter((frame) => frame.conversation === conversation && frame.agent !== session.me.id)
      .flatMap((frame) => this.state.agents.get(frame.agent) ?? []);
  }

  start(me: Me): void {
    this.state = { ...this.state, workspace: me.workspace };
    this.#outbox = new Outbox({
      owner: me.id,
      storage: localStorage,
      send: (conversation, message) => api.sendMessage(conversation, message),
      onChange: (items) => (this.unsent = items),
      onSent: (conversation, message) => (this.state = withMessage(this.state, conversation, message)),
      upload: waitingFiles.upload,
      onFileDone: waitingFiles.done,
    });
    waitingFiles.start(me.id, this.#outbox.items);
    this.#outbox.start();
    this.#socket = new LiveSocket({
      url: `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/api/socket`,
      listener: {
        onFrame: (frame) => this.#frame(frame),
        onTyping: (frame) => this.#hearTyping(frame),
        onViewing: (frame) => this.#hearViewing(frame),
        onSnapshot: (why) => this.#snapshot(why),
        onStatus: (status) => this.#status(status),
        onStopped: () => session.ended(),
      },
    });
    this.#socket.start();
  }

  /** With other rights, what was seen before may not be ours to see any more, and more may be. */
  #snapshot(why: SnapshotReason): void {
    if (why === 'audience_changed') this.state = { ...this.state, conversations: new Map(), timelines: new Map() };
    this.refresh();
  }

  /** Fetches again what everyone needs; lists and timelines listen and do the same. */
  refresh(): void {
    this.state = { ...this.state, isStale: false };
    void this.loadPeople();
    for (const listener of this.#snapshotListeners) listener();
  }

  async loadPeople(): Promise<void> {
    if (this.people !== 'ready') this.people = 'loading';
    try {
      const [agents, departments, projects, connections, labels, team] = await Promise.all([
        api.agents(),
        api.departments(),
        api.projects(),
        api.connectionBadges(),
        api.labels(),
        api.team(),
      ]);
      this.state = {
        ...withTeam(this.state, team.items),
        agents: byId(agents.items),
        departments: byId(departments.items),
        projects: byId(projects.items),
        connections: byId(connections.items),
        labels: byId(labels.items),
      };
      this.people = 'ready';
    } catch (error) {
      if (this.people === 'ready') tellFailure(error);
      else this.people = 'failed';
    }
  }

  update(change: (state: LiveState) => LiveState): void {
    this.state = change(this.state);
  }

  /** Shows a change before the server has confirmed it; the answer takes it back when it is refused. */
  patchRow(id: string, change: Partial<ConversationRow>): () => void {
    const before = this.state.conversations.get(id);
    if (!before) return () => undefined;
    const shown = { ...before, ...change };
    this.#putRow(shown);
    return () => {
      if (this.state.conversations.get(id) === shown) this.#putRow(before);
    };
  }

  #putRow(row: ConversationRow): void {
    this.state = { ...this.state, conversations: new Map(this.state.conversations).set(row.id, row) };
  }

  whenSnapshot(listener: () => void): () => void {
    this.#snapshotListeners.add(listener);
    return () => this.#snapshotListeners.delete(listener);
  }

  /** Hears each frame after it was applied, with the state from before it. */
  whenFrame(listener: (frame: StateFrame, before: LiveState) => void): () => void {
    this.#frameListeners.add(listener);
    return () => this.#frameListeners.delete(listener);
  }

  send(conversation: string, kind: 'reply' | 'note', text: string): void {
    this.#outbox?.add(conversation, kind, text);
  }
  /** One message a file, in this order; the first carries the text. They take their places at once, before the browser has kept their contents. */
  sendFiles(
    conversation: string,
    kind: 'reply' | 'note',
    text: string,
    files: readonly { content: Blob; file: UnsentFile }[],
  ): void {
    files.forEach(({ content, file }, at) => {
      const clientId = newId();
      waitingFiles.put(clientId, content);
      this.#outbox?.add(conversation, kind, at === 0 ? text : '', { clientId, file });
    });
  }
  retry(clientId: string): void {
    this.#outbox?.retry(clientId);
  }
  discard(clientId: string): void {
    this.#outbox?.discard(clientId);
  }
  watch(conversations: string[]): void {
    this.#socket?.watch(conversations);
  }
  /** Which conversation somebody looks at here, so that colleagues see it. */
  sayViewing(conversation: string | null): void {
    if (conversation === this.#viewed) return;
    this.#viewed = conversation;
    this.#socket?.viewing(conversation);
  }
  sayTyping(conversation: string, on: boolean): void {
    this.#socket?.typing(conversation, on);
  }
  sayRead(conversation: string, seq: number): boolean {
    return this.#socket?.read(conversation, seq) ?? false;
  }

  #frame(frame: StateFrame): void {
    const before = this.state;
    this.state = apply(before, frame);
    if (this.state.isStale && !before.isStale) this.refresh();
    for (const listener of this.#frameListeners) listener(frame, before);
    if (frame.t === 'event' && frame.event.kind === 'message_added' && frame.event.message.from === 'visitor') {
      this.#typing.drop(`${frame.event.conversation}/visitor`);
      this.#writing.drop(frame.event.conversation);
    }
    if (frame.t === 'presence') this.#ownPresence(frame.agents);
    if (frame.t !== 'event') return;
    const isOwn = frame.event.kind === 'agent_changed' && frame.event.agent.id === session.me.id;
    if (isOwn || frame.event.kind === 'hours_changed') void this.#tellOfShift(session.me);
  }

  #ownPresence(agents: { id: string; status: Me['status'] }[]): void {
    const mine = agents.find((agent) => agent.id === session.me.id);
    if (!mine || mine.status === session.me.status) return;
    const before = session.me;
    this.#ownStatus = mine.status;
    session.keep({ ...before, status: mine.status });
    void this.#tellOfShift(before);
  }

  /** Not by the person's own doing: the clock may have done it. */
  async #tellOfShift(before: Me): Promise<void> {
    await this.reloadMe();
    const status = this.#ownStatus ?? session.me.status;
    const text = shiftNotice(before, status, session.me);
    // Two frames may tell of one change.
    if (text) toasts.say(text, null, 'shift');
    if (session.me.status !== status) session.keep({ ...session.me, status });
  }

  #status(status: SocketStatus): void {
    this.status = status;
    if (status !== 'live') return;
    this.#outbox?.wake();
    shownFiles.retryAll();
    if (this.#viewed) this.#socket?.viewing(this.#viewed);
    if (this.#wasLive) void this.#catchUp();
    this.#wasLive = true;
  }

  /** While we were away, our status or what we may do can have changed. */
  async #catchUp(): Promise<void> {
    const before = rightsOf(session.me);
    await this.reloadMe();
    if (rightsOf(session.me) !== before) this.#snapshot('audience_changed');
  }

  /** What is known of the person, and the own hours. */
  async reloadMe(): Promise<void> {
    try {
      const me = await api.me();
      if (me) session.keep(me);
      else session.ended();
    } catch {
      // The next loss or answer shows it; what is known stays.
    }
  }

  #hearTyping(frame: TypingFrame): void {
    const key = `${frame.conversation}/${frame.from === 'visitor' ? 'visitor' : (frame.name ?? '')}`;
    if (frame.on) this.#typing.put(key, frame);
    else this.#typing.drop(key);
    if (frame.text) this.#writing.put(frame.conversation, frame.text);
    else if (!frame.on && frame.from === 'visitor') this.#writing.drop(frame.conversation);
  }

  #hearViewing(frame: ViewingFrame): void {
    const key = `${frame.conversation}/${frame.agent}`;
    if (frame.on) this.#viewing.put(key, frame);
    else this.#viewing.drop(key);
  }
}

const rightsOf = ({ role, departments }: Me): string => JSON.stringify([role, departments]);

export const live = new Live();
