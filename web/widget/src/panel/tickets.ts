// The ticket in hand, and a fresh one in time.
import type { Ticket, TicketAnswer } from '../shared/ticket';

export class Tickets {
  private held: { ok: true; ticket: string; until: number } | null = null;
  /** The server knows this visitor: what was captured before is not asked again. */
  known = false;
  /** The site has signed who it is, and says so again. */
  verified: boolean | undefined;

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
    this.held = { ok: true, ticket: answer.ok.ticket, until: asked + (answer.ok.expires_in - 30) * 1000 };
    return this.held;
  }
}
