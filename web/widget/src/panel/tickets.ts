// The ticket in hand, and a fresh one in time.
import type { Ticket, TicketAnswer } from '../shared/ticket';

/** Whom a ticket is of, as the server has written into it; nothing where that cannot be read. */
function whoseOf(ticket: string): string | undefined {
  try {
    return /"contact":"([^"]+)/.exec(atob(ticket.split('.')[0]!.replace(/[-_]/g, '/')))?.[1];
  } catch {
    return undefined;
  }
}

export class Tickets {
  private held: { ok: true; ticket: string; until: number } | null = null;
  /** The server knows this visitor: what was captured before is not asked again. */
  known = false;
  /** The site has signed who it is, and says so again. */
  verified: boolean | undefined;
  /** Whom the last one was of, perhaps in an earlier visit. */
  whose: string | undefined;
  /** One is of somebody, and the last one was of somebody else or there was none. It is not used before this is done. */
  onTurn: (whose: string, before: string | undefined) => Promise<void> = async () => {};

  constructor(
    private readonly ask: () => Promise<TicketAnswer>,
    private readonly now: () => number = Date.now,
  ) {}

  /** The held ticket is not accepted any more. */
  spoil(): void {
    this.held = null;
  }

  /** A ticket that is good for half a minute at least, or the refusal. */
  async get(): Promise<{ ok: true; ticket: string } | Exclude<TicketAnswer, { ok: Ticket }>> {
    if (this.held && this.now() < this.held.until) return this.held;
    const asked = this.now();
    const answer = await this.ask();
    if (!answer.ok) return answer;
    this.known = answer.ok.known;
    this.verified = answer.ok.verified;
    const [whose, before] = [whoseOf(answer.ok.ticket), this.whose];
    if (whose && whose !== before) await this.onTurn((this.whose = whose), before);
    this.held = { ok: true, ticket: answer.ok.ticket, until: asked + (answer.ok.expires_in - 30) * 1000 };
    return this.held;
  }
}
