// What loader and panel say to each other by postMessage. Every message also carries `balcao: <code>`, and those to the
// panel `page`, where the visitor is; both sides check `event.origin` and `event.source`.
import type { Texts } from './config';
import type { TicketAnswer } from './ticket';

export type ToPanel =
  | {
      t: 'init';
      /** The visitor has a key: this browser has written before. */
      known: boolean;
      /** The panel stands open without the visitor having asked for it: nothing may be contacted yet. */
      auto: boolean;
      open: boolean;
      items: Record<string, string>;
      /** Whom the site says is there; `id` is what it knows them by. */
      contact?: Texts;
      /** What else it says, for the agents. */
      custom?: Texts;
    }
  | { t: 'ticket'; n: number; answer: TicketAnswer }
  /** The value of `put` number `n` lies in the host page's storage. */
  | { t: 'kept'; n: number }
  /** Another tab changed a value; `null`: it is gone. */
  | { t: 'item'; k: string; v: string | null }
  | { t: 'shown'; open: boolean; focus: boolean }
  | { t: 'page' };

/** What the visitor has done: begun a conversation, sent a message, rated. */
export type Deed = 'start' | 'message' | 'rating';

export type ToLoader =
  | { t: 'ready' }
  | { t: 'ticket'; n: number }
  | { t: 'put'; n: number; k: string; v: string | null }
  | { t: 'close' }
  /** Somebody else sits here: nothing of this visitor stays in the page's storage, and the panel comes anew. */
  | { t: 'forget' }
  /** For whoever listens on the page: nothing of what was written. */
  | { t: 'did'; what: Deed }
  /** `text` says it to those who do not see the badge. */
  | { t: 'unread'; count: number; text: string };
