// Collects what no page may ever do: throw, violate a policy, log an error, or get a 5xx. Tests fail on any of it.
import type { BrowserContext, ConsoleMessage } from '@playwright/test';

/** Chromium's own words for a refused or failed request; answers are judged by their status instead. */
const NETWORK = /^Failed to load resource|^WebSocket connection to|net::ERR_/;
const POLICY = '[policy]';

export class Faults {
  readonly warnings: string[] = [];
  private readonly seen: string[] = [];
  private readonly allowed: RegExp[] = [];

  async watch(context: BrowserContext, who: string): Promise<void> {
    context.on('weberror', (fault) => this.seen.push(`${who}: uncaught ${String(fault.error().stack)}`));
    context.on('console', (message) => this.hear(who, message));
    context.on('response', (response) => {
      if (response.status() >= 500) this.seen.push(`${who}: ${response.status()} from ${response.url()}`);
    });
    await context.addInitScript((tag) => {
      addEventListener('securitypolicyviolation', (event) => {
        console.error(`${tag} ${event.effectiveDirective} blocked ${event.blockedURI} on ${event.documentURI}`);
      });
    }, POLICY);
  }

  /** What our own scripts warned of in a page's console. */
  get ownWarnings(): string[] {
    return this.warnings.filter((text) => /^\[balcao\]|^Balcão/.test(text));
  }

  /** What this test provokes on purpose. */
  allow(pattern: RegExp): void {
    this.allowed.push(pattern);
  }

  get found(): string[] {
    return this.seen.filter((fault) => !this.allowed.some((pattern) => pattern.test(fault)));
  }

  private hear(who: string, message: ConsoleMessage): void {
    const text = message.text();
    if (message.type() === 'warning') this.warnings.push(text);
    if (message.type() !== 'error') return;
    if (!NETWORK.test(text)) this.seen.push(`${who}: ${text} (${message.location().url})`);
  }
}
