// An agent's socket: says hello, resumes, notices gaps, watches over its own silence and comes back after every loss.
import type { ClientFrame, ServerFrame, SnapshotReason, StateFrame, TypingFrame, ViewingFrame } from './frames';

export type SocketStatus = 'idle' | 'connecting' | 'live' | 'waiting' | 'stopped';

export interface SocketListener {
  onFrame(frame: StateFrame): void;
  onTyping(frame: TypingFrame): void;
  onViewing(frame: ViewingFrame): void;
  /** Fetch again what is on screen. */
  onSnapshot(why: SnapshotReason): void;
  onStatus(status: SocketStatus): void;
  /** The session has ended (4401) or access was taken away (4403). */
  onStopped(code: number): void;
}

export interface SocketOptions {
  url: string;
  listener: SocketListener;
  open?: (url: string) => WebSocket;
  random?: () => number;
}

const PING_AFTER = 20_000;
const DROP_AFTER = 10_000;
const FIRST_DELAY = 500;
const LONGEST_DELAY = 30_000;
const DELAY_WHEN_TOO_MANY = 10_000;
const MOST_WATCHED = 20;
const CLOSED_SESSION = 4401;
const CLOSED_FORBIDDEN = 4403;
const CLOSED_TOO_MANY = 4429;

export class LiveSocket {
  #options: SocketOptions;
  #socket: WebSocket | null = null;
  #status: SocketStatus = 'idle';
  #watching: string[] = [];
  /** The last number applied; what `hello` asks to go on from. */
  #held: number | null = null;
  /** Everything up to here was either sent to us or was not for us. */
  #complete = 0;
  #isResuming = false;
  #attempts = 0;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #watchdog: ReturnType<typeof setTimeout> | undefined;

  constructor(options: SocketOptions) {
    this.#options = options;
  }

  get status(): SocketStatus {
    return this.#status;
  }

  start(): void {
    if (this.#status !== 'idle') return;
    globalThis.addEventListener?.('online', this.#wake);
    globalThis.addEventListener?.('offline', this.#suspect);
    globalThis.document?.addEventListener('visibilitychange', this.#wakeWhenVisible);
    this.#connect();
  }

  stop(): void {
    globalThis.removeEventListener?.('online', this.#wake);
    globalThis.removeEventListener?.('offline', this.#suspect);
    globalThis.document?.removeEventListener('visibilitychange', this.#wakeWhenVisible);
    this.#drop(1000);
    this.#setStatus('stopped');
  }

  watch(conversations: string[]): void {
    this.#watching = conversations.slice(0, MOST_WATCHED);
    this.#send({ t: 'watch', conversations: this.#watching });
  }

  typing(conversation: string, on: boolean): void {
    this.#send({ t: 'typing', conversation, on });
  }

  /** Which conversation is looked at right now; colleagues who look at it too are told. */
  viewing(conversation: string | null): void {
    this.#send({ t: 'viewing', conversation });
  }

  read(conversation: string, seq: number): boolean {
    return this.#send({ t: 'read', conversation, seq });
  }

  /** Starts from nothing: the next hello is answered with a snapshot. */
  resync(): void {
    this.#held = null;
    this.#hello();
  }

  #wake = (): void => {
    if (this.#status === 'waiting') this.#connect();
    else if (this.#status === 'live') this.#ping();
  };

  #wakeWhenVisible = (): void => {
    if (document.visibilityState === 'visible') this.#wake();
  };

  /** The browser says that the network is gone: whatever still stands is not trusted, and what was missed is asked for. */
  #suspect = (): void => {
    if (this.#status === 'live' || this.#status === 'connecting') this.#lost(0);
  };

  #connect(): void {
    this.#drop();
    this.#setStatus('connecting');
    const socket = (this.#options.open ?? ((url) => new WebSocket(url)))(this.#options.url);
    this.#socket = socket;
    socket.onopen = () => this.#hello();
    socket.onmessage = (message) => this.#receive(message);
    socket.onclose = (closed) => this.#lost(closed.code);
    this.#heard(); // A connection that never opens is dropped like one that falls silent.
  }

  /** Forgets the present socket, without hearing from it again. */
  #drop(code?: number): void {
    clearTimeout(this.#retry);
    clearTimeout(this.#watchdog);
    const socket = this.#socket;
    this.#socket = null;
    if (!socket) return;
    socket.onopen = socket.onmessage = socket.onclose = null;
    socket.close(code);
  }

  #hello(): void {
    this.#isResuming = true;
    this.#send({ t: 'hello', since: this.#held, watching: this.#watching });
  }

  #send(frame: ClientFrame): boolean {
    if (this.#socket?.readyState !== 1) return false;
    this.#socket.send(JSON.stringify(frame));
    return true;
  }

  #receive(message: MessageEvent): void {
    this.#heard();
    const frame = parse(message.data);
    if (!frame) return;
    switch (frame.t) {
      case 'welcome':
        this.#attempts = 0;
        this.#isResuming = false;
        this.#complete = frame.n;
        if (frame.resumed) this.#setStatus('live');
        return;
      case 'snapshot':
        this.#attempts = 0;
        this.#isResuming = false;
        this.#held = this.#complete = frame.n;
        this.#setStatus('live');
        return this.#options.listener.onSnapshot(frame.why);
      case 'event':
        return this.#event(frame);
      case 'typing':
        return this.#options.listener.onTyping(frame);
      case 'viewing':
        return this.#options.listener.onViewing(frame);
      case 'rows':
      case 'counters':
      case 'marks':
      case 'page':
      case 'presence':
      case 'team':
      case 'visitors':
        return this.#options.listener.onFrame(frame);
      case 'pong':
      case 'refused':
        return;
      default:
        frame satisfies never; // Frames of a newer server are ignored, as the protocol asks.
    }
  }

  #event(frame: Extract<ServerFrame, { t: 'event' }>): void {
    const held = this.#held ?? 0;
    if (frame.n <= held || this.#isResuming) return;
    // Numbers up to the welcome's are sent again in order; after it, what was not sent was not for us.
    const known = frame.n > this.#complete ? Math.max(held, this.#complete) : held;
    if (frame.prev > known) return this.#hello();
    this.#held = frame.n;
    this.#options.listener.onFrame(frame);
  }

  #heard(): void {
    clearTimeout(this.#watchdog);
    this.#watchdog = setTimeout(() => this.#ping(), PING_AFTER);
  }

  #ping(): void {
    this.#send({ t: 'ping' });
    clearTimeout(this.#watchdog);
    this.#watchdog = setTimeout(() => this.#lost(0), DROP_AFTER);
  }

  #lost(code: number): void {
    this.#drop();
    if (code === CLOSED_SESSION || code === CLOSED_FORBIDDEN) {
      this.stop();
      return this.#options.listener.onStopped(code);
    }
    this.#setStatus('waiting');
    this.#retry = setTimeout(() => this.#connect(), this.#delay(code));
    this.#attempts += 1;
  }

  #delay(code: number): number {
    if (code === CLOSED_TOO_MANY) return DELAY_WHEN_TOO_MANY;
    const base = Math.min(LONGEST_DELAY, FIRST_DELAY * 2 ** this.#attempts);
    return base * (0.5 + (this.#options.random ?? Math.random)());
  }

  #setStatus(status: SocketStatus): void {
    if (this.#status === status) return;
    this.#status = status;
    this.#options.listener.onStatus(status);
  }
}

function parse(data: unknown): ServerFrame | null {
  if (typeof data !== 'string') return null;
  try {
    return JSON.parse(data) as ServerFrame;
  } catch {
    return null; // Not ours; the numbers show whether anything is missing.
  }
}
