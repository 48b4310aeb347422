// Brings state, outbox and socket together: what the screens read and the verbs they call.
import type { FileShown } from '@balcao/files';
import type { Department, PanelConfig } from '../shared/config';
import type { Host, Init } from './host';
import { ANSWERS_WITHIN, Outbox, type Pending } from './outbox';
import type { Form, Marks, Refusal, Send, ServerFrame, Upload } from './protocol';
import { Rest } from './rest';
import { Socket, type Line } from './socket';
import { apply, emptyState, partsOf, prepend, type Row, type State } from './state';
import { Tickets } from './tickets';
import { uuid } from './uuid';

const POLL_EVERY = 5000;
const FAILURES_BEFORE_POLLING = 3;
const TYPING_EVERY = 3000;
const TYPING_FORGOTTEN = 6000;

const attach = () => import('./ui/attach');

export class Client {
  state: State;
  readonly outbox: Outbox;
  readonly tickets: Tickets;
  /** Somebody looks at the conversation right now. */
  isLookedAt = false;
  /** The first welcome (or nothing to wait for) has been seen. */
  isSettled = false;
  onChange: () => void = () => {};
  onArrival: (rows: Row[]) => void = () => {};
  private readonly rest: Rest;
  private readonly socket: Socket;
  private said: Marks & { conversation: string } = { conversation: '', delivered: 0, read: 0 };
  /** `conversation:seq` up to which some tab of this visitor has seen. */
  private seen = '';
  private kept: string | null = null;
  private polling: ReturnType<typeof setInterval> | undefined;
  private typedAt = 0;
  private typingEnds: ReturnType<typeof setTimeout> | undefined;
  private isFetching = false;
  private isCatchingUp = false;

  constructor(
    private readonly config: PanelConfig,
    private readonly host: Host,
  ) {
    this.state = emptyState(config.online, config.closed);
    this.tickets = new Tickets(() => host.ticket());
    this.rest = new Rest(config.base, this.tickets);
    this.outbox = new Outbox(host, () => {
      this.flush();
      this.onChange();
    });
    this.outbox.isHere = (upload) => this.has(upload);
    this.outbox.onDone = (upload) => void this.release(upload);
    this.socket = new Socket({
      address: config.base.replace(/^http/, 'ws') + '/api/visitor/socket',
      tickets: this.tickets,
      held: () => ({
        conversation: this.state.conversation?.id ?? null,
        since: this.state.last,
        language: config.language,
      }),
      onFrame: (frame) => this.receive(frame),
      onLine: (line) => this.onLine(line),
    });
    host.onPage = () => this.turn();
    setInterval(() => {
      this.flush();
      // A page of its own that nobody has touched has no socket that would tell; the answer is kept for half a minute.
      if (!host.isFramed && this.line === 'off') void this.look();
    }, 5000);
  }

  get line(): Line {
    return this.socket.line;
  }

  /** The company has switched the chat off. */
  get isGone(): boolean {
    return this.socket.isGone;
  }

  /** Somebody of the company is there; null while the connection is cut, since nobody knows. */
  get isOnline(): boolean | null {
    const isCut = !this.isReachable && (this.line === 'lost' || this.socket.failures > 0);
    return isCut ? null : this.state.online && !this.isGone;
  }

  /** Messages get through, quickly or slowly. */
  get isReachable(): boolean {
    return this.line === 'open' || (this.polling !== undefined && this.rest.works);
  }

  get isRunning(): boolean {
    const { conversation } = this.state;
    return !!conversation && conversation.state !== 'closed';
  }

  get unread(): number {
    const read = this.readUpTo();
    return this.state.rows.filter((row) => row.seq > read && row.kind === 'message' && row.from !== 'visitor').length;
  }

  load(init: Init): void {
    this.outbox.load(init.items);
    this.seen = init.items.r ?? '';
    this.kept = init.items.c ?? null;
    this.tickets.whose = init.items.w;
    if (this.outbox.items.length) this.connect();
  }

  heard(k: string, v: string | null): void {
    if (k === 'r') this.seen = v ?? '';
    else this.outbox.heard(k, v);
    this.onChange();
  }

  connect(): void {
    this.socket.start();
  }

  wake(): void {
    this.socket.wake();
  }

  /** One message a file; the first of them carries the text. `isThere`: when their contents are kept. */
  send(text: string, form?: Form, uploads: Upload[] = [], isThere?: Promise<unknown>): void {
    this.typing(false);
    this.connect();
    for (const upload of uploads.length ? uploads : [undefined]) {
      void this.outbox.add({ id: uuid(), text, form, upload }, () => this.host.page, isThere);
      text = '';
    }
  }

  /** A refused message, once more: under a new id, since the old one was answered for ever. */
  sendAgain(id: string): void {
    const item = this.outbox.discard(id);
    if (item) this.send(item.text, item.form, item.upload && [item.upload]);
  }

  /** A message that shall not be sent after all. */
  abandon(id: string): void {
    const item = this.outbox.discard(id);
    if (item?.upload) void this.release(item.upload);
  }

  /** For what is loaded late and knows files. */
  readonly ask: Rest['call'] = (...request) => this.rest.call(...request);

  typing(on: boolean): void {
    if (!this.isRunning || (!on && !this.typedAt)) return;
    const now = Date.now();
    if (on && now - this.typedAt < TYPING_EVERY) return;
    this.typedAt = on ? now : 0;
    this.socket.send({ t: 'typing', on });
  }

  /** What is being written, for who answers. */
  readonly reveal = (text: string): void => {
    if (this.isRunning) this.socket.send({ t: 'typing', on: !!text, text });
  };

  /** Somebody else sits here. `cleared`: when nothing lies in the panel's own storage any more. */
  readonly forget = async (cleared: Promise<unknown>): Promise<void> => {
    // Nothing of it is sent any more; and whatever clears away ends with the frame, which goes with the host's word.
    this.outbox.items = [];
    await cleared;
    this.host.forget();
  };

  end(): void {
    const { conversation } = this.state;
    if (conversation) this.socket.send({ t: 'close', conversation: conversation.id });
  }

  /** Whoever answers is not there, and others are: back to the queue (T-112). */
  returnToQueue(): void {
    const { conversation } = this.state;
    if (conversation) this.socket.send({ t: 'return', conversation: conversation.id });
  }

  async loadEarlier(): Promise<void> {
    const { earlier, previous } = this.state;
    const [oldest] = partsOf(this.state);
    if (!oldest || !(earlier || previous) || this.isFetching) return;
    this.isFetching = true;
    const which = earlier ? `${oldest.conversation.id}&before=${oldest.rows[0]?.seq ?? 1}` : previous;
    const answer = await this.rest.entries('?conversation=' + which);
    this.isFetching = false;
    if (answer) this.state = prepend(this.state, answer);
    this.onChange();
  }

  /** Says how far this visitor has received and seen, if that has moved. */
  mark(): void {
    const { conversation, last } = this.state;
    if (!conversation || !last) return;
    const same = this.said.conversation === conversation.id;
    const read = Math.max(this.isLookedAt ? last : 0, same ? this.said.read : 0);
    if (this.isLookedAt && this.readUpTo() < last) {
      this.seen = `${conversation.id}:${last}`;
      void this.host.put('r', this.seen);
    }
    if (same && this.said.delivered === last && this.said.read === read) return;
    const marks = { conversation: conversation.id, delivered: last, read };
    if (this.socket.send({ t: 'marks', ...marks })) this.said = marks;
  }

  /** Who is there, asked for where no frame can tell it. */
  private async look(): Promise<void> {
    const { base, code, departments: known } = this.config;
    try {
      // As the page that was loaded asked; their looks came with it.
      const asked = /\bdepartment=[^&]*/.exec(location.search) ?? '';
      const { online, closed, departments } = await (await fetch(`${base}/widgets/${code}/status?${asked}`)).json();
      if (!departments) return;
      for (const one of known)
        Object.assign(
          one,
          departments.find(({ id }: Department) => id === one.id),
        );
      this.state = { ...this.state, online, closed };
      this.onChange();
    } catch {
      // What is known stays.
    }
  }

  /** Says on which page the visitor is. */
  private turn(): void {
    const { page } = this.host;
    if (page) this.socket.send({ t: 'page', ...page });
  }

  private catchUp(): void {
    if (this.polling) return void this.fetchNews();
    if (this.isCatchingUp || this.line !== 'open') return;
    this.isCatchingUp = true;
    void this.socket.hello();
  }

  private readUpTo(): number {
    const [conversation, seq] = this.seen.split(':');
    return conversation === this.state.conversation?.id ? Number(seq) : 0;
  }

  private onLine(line: Line): void {
    this.outbox.retryAll();
    if (line === 'open') {
      this.poll(false);
      this.turn();
    } else {
      this.isCatchingUp = false;
      this.state = { ...this.state, typing: null };
      this.said = { ...this.said, conversation: '' };
      if (line === 'lost' && this.socket.failures >= FAILURES_BEFORE_POLLING) this.poll(true);
      if (line === 'gone') this.poll(false);
      if (line !== 'connecting') this.isSettled = true;
    }
    this.flush();
    this.mark();
    this.onChange();
  }

  private receive(frame: ServerFrame): void {
    const { t } = frame;
    if (t === 'pong') return;
    if (t === 'refused') void this.refused(frame.id ?? '', frame);
    else {
      const { state, gap } = apply(this.state, frame, t === 'ack' ? this.outbox.find(frame.id) : undefined);
      // After a gap the entries will bring the message.
      if (t === 'ack') this.outbox.settle(frame.id, gap);
      if (gap) this.catchUp();
      if ('departments' in frame)
        for (const one of this.config.departments) one.online = !!frame.departments?.includes(one.id);
      this.take(state);
      if (t === 'typing' && state.typing !== null) this.forgetTyping();
      if (t === 'welcome') {
        this.outbox.caughtUp();
        this.isCatchingUp = false;
        this.isSettled = true;
      }
      if (this.isSettled) this.keepConversation();
    }
    this.flush();
    this.onChange();
  }

  /** A challenge is solved, and the message tried again; whatever else is said to the visitor. */
  private async refused(id: string, refusal: Refusal): Promise<void> {
    const item = this.outbox.find(id);
    const guard = item && refusal.detail && (await import('./ui/guard').catch(() => {}));
    const form = guard && (await guard.prove(id, item.form, refusal.detail));
    if (!form) return this.outbox.refused(id, refusal);
    item.form = form;
    item.tried = 0;
    this.flush();
  }

  /** The new state, and what follows from rows that were not there before. */
  private take(state: State): void {
    const before = this.state;
    this.state = state;
    this.outbox.arrived(state.rows);
    const isSame = before.conversation?.id === state.conversation?.id || !before.conversation;
    const news = isSame && this.isSettled ? state.rows.filter((row) => row.seq > before.last) : [];
    if (news.length) this.onArrival(news);
    this.mark();
  }

  /** The running conversation's id, so that the site's next page (and polling) knows of it. */
  private keepConversation(): void {
    const running = this.isRunning ? this.state.conversation!.id : null;
    if (running === this.kept) return;
    this.kept = running;
    void this.host.put('c', running);
  }

  private forgetTyping(): void {
    clearTimeout(this.typingEnds);
    this.typingEnds = setTimeout(() => {
      this.state = { ...this.state, typing: null };
      this.onChange();
    }, TYPING_FORGOTTEN);
  }

  private flush(): void {
    const item = this.line === 'open' || this.polling ? this.outbox.next() : undefined;
    if (!item) return;
    const { id, text, form, page, file } = item;
    if (item.upload && !file) return void this.bring(item, item.upload);
    const message = { id, text, form, page, file };
    if (this.socket.send({ t: 'send', ...message })) item.tried = Date.now();
    else if (this.polling) void this.sendSlowly(item, message);
  }

  /** The file first. It may take many attempts; the turn of what was written after it comes when it is there. */
  private async bring(item: Pending, upload: Upload): Promise<void> {
    if (item.isBringing) return;
    item.isBringing = true;
    const answer = await this.brought(item, upload);
    item.isBringing = false;
    if (answer && 'url' in answer) {
      item.file = answer.id;
      item.shown = answer;
      item.pause = item.tried = 0;
      this.flush();
    } else if (answer?.code === 'file_lost') {
      void this.outbox.missing(item, answer);
      setTimeout(() => this.flush(), ANSWERS_WITHIN);
    } else {
      this.outbox.rest(item);
      if (answer) this.outbox.refused(item.id, answer);
    }
    this.onChange();
  }

  private async brought(item: Pending, upload: Upload): Promise<FileShown | Refusal | null> {
    // Where the part that knows files did not come through, the next turn asks again.
    const bringing = attach().then((part) => part.bring(upload, this.ask, this.config, () => (item.pause = 0)));
    return bringing.catch(() => null);
  }

  private async has(upload: Upload): Promise<boolean> {
    // Where what knows files did not come through, nothing was chosen here.
    return attach()
      .then((part) => part.has(upload.key, this.config))
      .catch(() => false);
  }

  private async release(upload: Upload): Promise<void> {
    await (await attach()).forget(upload.key, this.config);
  }

  private async sendSlowly(item: Pending, message: Send): Promise<void> {
    item.tried = Date.now();
    const answer = await this.rest.send(message);
    if (answer) return this.receive(answer);
    item.tried = 0;
    this.onChange();
  }

  private poll(on: boolean): void {
    if (on === (this.polling !== undefined)) return;
    clearInterval(this.polling);
    this.polling = on ? setInterval(() => void this.fetchNews(), POLL_EVERY) : undefined;
    if (on) void this.fetchNews();
  }

  /** What a welcome would say, where no socket comes through. */
  private async fetchNews(): Promise<void> {
    await this.look();
    const answer = await this.rest.entries();
    if (!answer || !this.polling) return this.onChange();
    const { conversation, last, online, closed } = this.state;
    const isSame = conversation?.id === answer.conversation.id;
    const resumed = isSame && (answer.entries[0]?.seq ?? 0) <= last + 1;
    this.receive({ t: 'welcome', online, closed, resumed, marks: null, ...answer });
  }
}
