// A slow and lossy network between one browser and everything: an HTTP proxy that holds bytes back. It slows sockets too, which the browser's own
// emulation leaves alone.
import { createServer, request, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { Transform, type Duplex } from 'node:stream';

export interface Conditions {
  /** From a question to the beginning of its answer, in milliseconds. */
  roundTrip: number;
  /** Each way, in bytes a second. */
  rate: number;
  /** Of a hundred pieces so many are sent again, which holds up everything behind them by a round trip. */
  lossPercent: number;
}

/** What people call 2G at the edge of a cell. */
export const EDGE: Conditions = { roundTrip: 2_000, rate: 30_000, lossPercent: 5 };

export class SlowNetwork {
  private readonly open = new Set<Socket>();
  private random = 7;

  private constructor(
    private readonly server: Server,
    private readonly conditions: Conditions,
    readonly address: string,
  ) {}

  static async start(conditions = EDGE): Promise<SlowNetwork> {
    const server = createServer();
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const { port } = server.address() as AddressInfo;
    const network = new SlowNetwork(server, conditions, `http://127.0.0.1:${port}`);
    server.on('connection', (socket) => network.track(socket));
    server.on('request', (asked: IncomingMessage, answer: ServerResponse) => network.forward(asked, answer));
    server.on('connect', (asked: IncomingMessage, socket: Duplex) => network.tunnel(asked, socket as Socket));
    return network;
  }

  /** Every connection breaks, as when a train enters a tunnel. */
  breakAll(): void {
    for (const socket of this.open) socket.destroy();
  }

  async stop(): Promise<void> {
    this.breakAll();
    await new Promise((done) => this.server.close(done));
  }

  private track(socket: Socket): void {
    this.open.add(socket);
    socket.on('close', () => this.open.delete(socket));
    socket.on('error', () => socket.destroy());
  }

  private forward(asked: IncomingMessage, answer: ServerResponse): void {
    const { hostname, port, pathname, search } = new URL(asked.url ?? '');
    const options = { host: '127.0.0.1', port, path: pathname + search, method: asked.method };
    const headers = { ...asked.headers, host: `${hostname}:${port}` };
    const onwards = request({ ...options, headers }, (answered) => {
      const back = this.slowed();
      answered.pipe(back);
      // The head travels with the first bytes: its half of the round trip is theirs.
      setTimeout(() => {
        if (answer.destroyed) return;
        answer.writeHead(answered.statusCode ?? 502, answered.headers);
        back.pipe(answer);
      }, this.conditions.roundTrip / 2);
    });
    onwards.on('error', () => answer.destroy());
    asked.pipe(this.slowed()).pipe(onwards);
    asked.on('error', () => onwards.destroy());
  }

  private tunnel(asked: IncomingMessage, socket: Socket): void {
    const port = Number(new URL(`http://${asked.url}`).port);
    const far = connect(port, '127.0.0.1', () => {
      // Shaking hands takes a round trip of its own.
      setTimeout(() => {
        if (socket.destroyed) return;
        socket.write('HTTP/1.1 200 OK\r\n\r\n');
        socket.pipe(this.slowed()).pipe(far);
        far.pipe(this.slowed()).pipe(socket);
      }, this.conditions.roundTrip);
    });
    this.track(far);
    // What the far side said before it hung up is still on its way.
    far.on('error', () => socket.destroy());
    socket.on('close', () => far.destroy());
  }

  /** Bytes in their order, each half a round trip late, no faster than the rate, and now and then held up by what was lost before them. */
  private slowed(): Transform {
    let free = 0;
    return new Transform({
      highWaterMark: 1024,
      transform: (piece: Buffer, _encoding, done) => {
        const { roundTrip, rate, lossPercent } = this.conditions;
        const now = Date.now();
        const lost = this.chance() * 100 < lossPercent ? roundTrip : 0;
        const begins = Math.max(now + roundTrip / 2, free) + lost;
        free = begins + (piece.length / rate) * 1_000;
        setTimeout(() => done(null, piece), free - now);
      },
    });
  }

  /** The same losses in every run. */
  private chance(): number {
    this.random = (this.random * 48_271) % 2_147_483_647;
    return this.random / 2_147_483_647;
  }
}
