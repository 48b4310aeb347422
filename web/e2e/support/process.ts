// The real program as a process: started on a free port with a fresh data folder, killed, restarted and stopped.
import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { get } from 'node:https';
import type { Pair } from './certificate';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const READY_WITHIN = 20_000;
const STOPPED_WITHIN = 15_000;

const binary = (): string => process.env.BALCAO_BINARY ?? join(root, 'target/debug/balcao');

/** Ours are refused by the program when it does not know them, and would change what it does when it does. */
const foreignVariables = (): NodeJS.ProcessEnv =>
  Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('BALCAO_')));

export async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((done) => probe.listen(0, '127.0.0.1', done));
  const { port } = probe.address() as AddressInfo;
  await new Promise((done) => probe.close(done));
  return port;
}

const isReadyAt = (port: number): Promise<boolean> =>
  fetch(`http://127.0.0.1:${port}/readyz`).then(
    (answer) => answer.ok,
    () => false,
  );

const isReadyOverHttps = (port: number): Promise<boolean> =>
  new Promise((done) => {
    get({ port, path: '/readyz', rejectUnauthorized: false }, (answer) => {
      answer.resume();
      done(answer.statusCode === 200);
    }).on('error', () => done(false));
  });

export class Program {
  /** The one-time link printed at the first start. */
  setupLink = '';
  private child: ChildProcess | null = null;
  private exited: Promise<void> = Promise.resolve();
  private isWanted = false;
  private log = '';
  private faults: string[] = [];

  private constructor(
    readonly port: number,
    private readonly data: string,
    /** With a certificate it speaks HTTPS by itself. */
    private readonly pair: Pair | null,
  ) {}

  /** The address under which browsers reach it. */
  get origin(): string {
    return `${this.pair ? 'https' : 'http'}://localhost:${this.port}`;
  }

  static async start(pair: Pair | null = null): Promise<Program> {
    if (!existsSync(binary())) throw new Error(`${binary()} is missing: cargo build -p balcao-server`);
    const program = new Program(await freePort(), await mkdtemp(join(tmpdir(), 'balcao-e2e-')), pair);
    await program.launch();
    return program;
  }

  async launch(): Promise<void> {
    const child = spawn(binary(), ['serve'], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        ...foreignVariables(),
        BALCAO_LISTEN: `127.0.0.1:${this.port}`,
        BALCAO_DATA: this.data,
        BALCAO_LIMITS_ENABLED: 'false',
        ...(this.pair && { BALCAO_TLS_CERTIFICATE: this.pair.certificate, BALCAO_TLS_KEY: this.pair.key }),
      },
    });
    this.child = child;
    this.isWanted = true;
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      output += text;
      this.setupLink ||= /http\S+\/setup#\S+/.exec(output)?.[0] ?? '';
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => (this.log += text));
    this.exited = new Promise((done) =>
      child.once('exit', (code, signal) => {
        if (this.isWanted) this.faults.push(`the program ended by itself (${signal ?? code})`);
        if (this.child === child) this.child = null;
        done();
      }),
    );
    await this.whenReady();
  }

  /** As a power cut does it: no warning, nothing flushed. */
  async kill(): Promise<void> {
    await this.end('SIGKILL');
  }

  /** Politely, at the end; throws what went wrong on the way. */
  async stop(): Promise<void> {
    const isStuck = await this.end('SIGTERM');
    if (isStuck) this.faults.push('the program did not stop on SIGTERM');
    await rm(this.data, { recursive: true, force: true });
    this.check();
  }

  /** Throws if the program died by itself or panicked. */
  check(): void {
    const panic = /panicked at[^\n]*\n?[^\n]*/.exec(this.log)?.[0];
    const faults = panic ? [...this.faults, panic] : this.faults;
    if (faults.length) throw new Error(`${faults.join('\n')}\n\n${this.log.slice(-4_000)}`);
  }

  private async end(signal: 'SIGKILL' | 'SIGTERM'): Promise<boolean> {
    const child = this.child;
    if (!child) return false;
    this.isWanted = false;
    let isStuck = false;
    const patience = setTimeout(() => {
      isStuck = true;
      child.kill('SIGKILL');
    }, STOPPED_WITHIN);
    child.kill(signal);
    await this.exited;
    clearTimeout(patience);
    return isStuck;
  }

  private async whenReady(): Promise<void> {
    const deadline = Date.now() + READY_WITHIN;
    for (;;) {
      if (!this.child) throw new Error(`the program did not start:\n${this.log}`);
      const isReady = await (this.pair ? isReadyOverHttps(this.port) : isReadyAt(this.port));
      if (isReady) return;
      if (Date.now() > deadline) throw new Error(`the program was not ready in time:\n${this.log}`);
      await new Promise((later) => setTimeout(later, 50));
    }
  }
}
