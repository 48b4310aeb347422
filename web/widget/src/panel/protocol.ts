// The frames of the visitor's socket, as docs/protocol.md has them.
import type { FileKind, FileShown } from '@balcao/files';
import type { Closed, Page, Texts } from '../shared/config';

export interface Conversation {
  id: string;
  protocol: string;
  state: 'bot' | 'queue' | 'open' | 'closed';
  department: string;
  agent: { name: string } | null;
  /** Who may answer is there now: this very agent, or while it waits somebody of its department. */
  attended: boolean;
  /** Whoever has it has gone, and others are there. */
  others?: boolean;
  /** When the hours of its department begin, while they do not run. */
  closed?: Closed | null;
  opened_at: string;
  closed_at: string | null;
  last_seq: number;
  may_close: boolean;
  /** What is asked once it is closed, until that is answered. */
  survey?: { question: string; lowest: number; highest: number; expires_at: string } | null;
}

export interface Entry {
  seq: number;
  kind: 'message' | 'event';
  from: 'visitor' | 'agent' | 'bot' | 'system';
  name: string | null;
  /** The client id of the visitor's own messages. */
  id: string | null;
  text: string;
  file: FileShown | null;
  /** `target`: where a transfer went. */
  event: { code: string; name: string | null; target?: string | null } | null;
  at: string;
}

export interface Form {
  name?: string;
  email?: string;
  department?: string;
  /** By the word of the page. */
  phone?: string;
  customer_id?: string;
  custom?: Texts;
  /** Anything: agrees to what the company asks. */
  consent?: string;
  /** What no person fills in. */
  website?: string;
  /** A solved challenge. */
  proof?: string;
}

export interface FieldError {
  field: string;
  code: string;
  message: string;
}

/** How far a side has received and seen the other's entries. */
export interface Marks {
  delivered: number;
  read: number;
}

export interface Refusal {
  code: string;
  message: string;
  fields?: FieldError[];
  /** What has to be solved first. */
  detail?: { challenge?: string; bits: number };
  /** Seconds; without it the same send will be refused again. */
  retry_after?: number;
}

export interface Ack {
  id: string;
  conversation: string;
  seq: number;
  at: string;
}

/** Who is there. */
export interface WhoIsThere {
  online: boolean;
  /** When the hours begin, while they do not run. */
  closed?: Closed | null;
  /** The departments with somebody online, where the visitor chooses one. */
  departments?: string[];
}

export interface Welcome extends WhoIsThere {
  t: 'welcome';
  resumed: boolean;
  conversation: Conversation | null;
  entries: Entry[];
  earlier: boolean;
  marks: Marks | null;
  /** The visitor's place in the queue, counted from 1. */
  queue?: number | null;
  /** The conversation before this one, where the entries begin with this one's first. */
  previous?: string | null;
}

export type ServerFrame =
  | Welcome
  | ({ t: 'ack' } & Ack)
  | ({ t: 'refused'; id?: string } & Refusal)
  | { t: 'entry'; conversation: string; entry: Entry }
  | { t: 'conversation'; conversation: Conversation }
  | ({ t: 'marks'; conversation: string } & Marks)
  | { t: 'typing'; on: boolean; name?: string }
  | { t: 'queue'; conversation: string; position: number | null }
  | { t: 'attended'; conversation: string; online: boolean; others?: boolean; closed?: Closed | null }
  | ({ t: 'status' } & WhoIsThere)
  | { t: 'pong' };

/** A file that waits to be sent: what is known of it. Its content lies in the panel's own storage under `key`. */
export interface Upload {
  key: string;
  name: string;
  kind: FileKind;
  media_type: string | null;
  size: number;
  width: number | null;
  height: number | null;
  duration_ms: number | null;
}

export interface Send {
  id: string;
  text: string;
  /** The server's id of a file that it has. */
  file?: string;
  form?: Form;
  page?: Page;
}

export type ClientFrame =
  | { t: 'hello'; ticket: string; conversation: string | null; since: number; language: string }
  | ({ t: 'send' } & Send)
  | { t: 'typing'; on: boolean; text?: string }
  | ({ t: 'marks'; conversation: string } & Marks)
  | { t: 'close'; conversation: string }
  | { t: 'return'; conversation: string }
  | ({ t: 'page' } & Page)
  | { t: 'ping' };
