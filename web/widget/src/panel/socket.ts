// The visitor's socket: connects, says hello, watches that the line is alive and comes back by itself.
// It keeps no conversation state; what is held is asked for at each hello.
import type { ClientFrame, ServerFrame } from './protocol';
import type { Tickets } from './tickets';

/** off: nobody wants it yet · lost: waiting to try again · gone: switched off, and looked after now and then. */
export type Line = 'off' | 'connecting' | 'open' | 'lost' | 'gone';

export interface SocketOptions {
  address: string;
  tickets: Tickets;
  held: () => { conversation: string | null; since: number; language: string };
  onFrame: (frame: ServerFrame) => void;
  onLine: (line: Line) => void;
}

const QUIET = 20_000;
const PONG_WITHIN = 10_000;
const FIRST_WAIT = 500;
const LONGEST_WAIT = 30_000;

export class Socket {
  line: Line = 'off';
  /** Attempts in a row that never reached a welcome. */
  failures = 0;
  private socket: WebSocket | null = null;
  private retry: ReturnType<typeof setTimeout> | undefined;
  private watch: ReturnType<typeof setTimeout> | undefined;
  private attempt = 0;

  constructor(private readonly wiring: SocketOptions) {}

  get isGone(): boolean {
    return this.line === 'gone';
  }

  start(): void {
    if (this.line === 'off') void this.connect();
  }

  send(frame: ClientFrame): boolean {
    if (this.line !== 'open' || this.socket?.readyState !== WebSocket.OPEN) return false;
    this.socket.send(JSON.stringify(frame));
    return true;
  }

  /** Asks again for what is missing, on the open socket. */
  async hello(): Promise<void> {
    const mine = this.socket;
    const answer = await this.wiring.tickets.get();
    if (!mine || mine !== this.socket || mine.readyState !== WebSocket.OPEN) return;
    if (!answer.ok) return this.drop();
    mine.send(JSON.stringify({ t: 'hello', ticket: answer.ticket, ...this.wiring.held() } satisfies ClientFrame));
    this.heard(PONG_WITHIN, () => this.drop());
  }

  /** The network came or went, or somebody looks: do not wait any longer, and trust neither an old silence nor a line without a network. */
  wake(): void {
    if (this.line === 'lost' || (this.isGone && !this.socket)) void this.connect();
    else if (this.line === 'open') navigator.onLine ? this.ping(PONG_WITHIN / 2) : this.drop();
  }

  private async connect(): Promise<void> {
    clearTimeout(this.retry);
    const attempt = ++this.attempt;
    if (!this.isGone) this.to('connecting');
    const answer = await this.wiring.tickets.get();
    if (attempt !== this.attempt) return;
    if (!answer.ok) return this.refused(answer.status, answer.wait);
    try {
      this.open(new WebSocket(this.wiring.address));
    } catch {
      this.again();
    }
  }

  private open(socket: WebSocket): void {
    this.socket = socket;
    socket.onopen = () => void this.hello();
    socket.onmessage = (event) => {
      if (socket === this.socket) this.receive(String(event.data));
    };
    socket.onclose = (event) => {
      if (socket === this.socket) this.closed(event.code);
    };
    this.heard(PONG_WITHIN, () => this.drop());
  }

  private receive(text: string): void {
    let frame: ServerFrame;
    try {
      frame = JSON.parse(text) as ServerFrame;
    } catch {
      return;
    }
    this.heard(QUIET, () => this.ping(PONG_WITHIN));
    this.wiring.onFrame(frame);
    if (frame.t !== 'welcome') return;
    this.failures = 0;
    this.to('open');
  }

  /** Sets what happens if nothing more is heard within `time`. */
  private heard(time: number, otherwise: () => void): void {
    clearTimeout(this.watch);
    this.watch = setTimeout(otherwise, time);
  }

  private ping(patience: number): void {
    if (this.send({ t: 'ping' })) this.heard(patience, () => this.drop());
    else this.drop();
  }

  /** Leaves a socket that is as good as dead without waiting for its close. */
  private drop(): void {
    const socket = this.socket;
    this.closed(1006);
    socket?.close();
  }

  private closed(code: number): void {
    this.socket = null;
    clearTimeout(this.watch);
    if (code === 4403) return this.leave();
    if (code === 4401) this.wiring.tickets.spoil();
    this.again(code === 4429 ? 10_000 : 0);
  }

  private refused(status: number, pause: number): void {
    if (status === 403 || status === 404) this.leave();
    else this.again(pause * 1000);
  }

  /** Not allowed, at least not now. Asked again quietly, since it may be allowed later. */
  private leave(): void {
    this.failures = 0;
    this.to('gone');
    this.retryIn(LONGEST_WAIT);
  }

  private again(atLeast = 0): void {
    this.to('lost');
    this.retryIn(Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** Math.min(this.failures++, 10)), atLeast);
  }

  private retryIn(wait: number, atLeast = 0): void {
    clearTimeout(this.retry);
    this.retry = setTimeout(() => void this.connect(), Math.max(atLeast, wait * (0.5 + Math.random())));
  }

  private to(line: Line): void {
    if (this.line === line) return;
    this.line = line;
    this.wiring.onLine(line);
  }
}
