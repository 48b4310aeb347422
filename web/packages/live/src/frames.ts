// What goes over an agent's socket, as docs/protocol.md has it.
import type {
  Agent,
  ConnectionBadge,
  Contact,
  ConversationRow,
  ConversationState,
  Counters,
  Department,
  Label,
  Marks,
  Message,
  Page,
  Paused,
  Project,
  Sender,
  Status,
  TeamLoad,
  VisitedPage,
  Workspace,
} from '@balcao/api';

/** Who did it. */
export interface Actor {
  kind: Sender;
  id: string | null;
  name: string | null;
}

export type DeskEvent =
  | { kind: 'message_added'; conversation: string; message: Message; unread: number; state: ConversationState }
  | {
      kind:
        | 'conversation_opened'
        | 'conversation_taken'
        | 'conversation_returned'
        | 'conversation_transferred'
        | 'conversation_taken_back'
        | 'conversation_closed'
        | 'conversation_reopened'
        | 'conversation_labelled'
        | 'conversation_rated';
      conversation: ConversationRow;
      actor: Actor;
    }
  /** It went where this reader may not see it. */
  | { kind: 'conversation_gone'; conversation: string; actor: Actor }
  /** Somebody's hours were saved: what follows from them is asked for. */
  | { kind: 'hours_changed' }
  | { kind: 'contact_changed'; contact: Contact }
  | { kind: 'agent_added' | 'agent_changed'; agent: Agent }
  | { kind: 'department_added' | 'department_changed'; department: Department }
  | { kind: 'project_added' | 'project_changed'; project: Project }
  | { kind: 'connection_added' | 'connection_changed' | 'connection_removed'; connection: ConnectionBadge }
  | { kind: 'label_added' | 'label_changed'; label: Label }
  | { kind: 'agent_removed'; agent: string }
  | { kind: 'department_removed'; department: string }
  | { kind: 'label_removed'; label: string }
  /** What it says now is asked for by whoever shows it. */
  | { kind: 'offline_message_added' | 'offline_message_changed'; offline_message: string }
  | { kind: 'ticket_added' | 'ticket_changed'; ticket: string }
  /** How mail is sent and fetched, or whether that works; by what tickets are sorted. */
  | { kind: 'mail_changed' | 'contact_erased' | 'ticket_categories_changed' }
  /** Asked for anew by whoever has them. */
  | { kind: 'quick_replies_changed' }
  | { kind: 'workspace_changed'; workspace: Workspace };

export type SnapshotReason = 'first' | 'too_far' | 'audience_changed';

export interface TypingFrame {
  t: 'typing';
  conversation: string;
  from: 'visitor' | 'agent';
  name: string | null;
  on: boolean;
  /** What the visitor has written so far, where the company sees it before it is sent. */
  text?: string;
}

/** The visitor has gone to another page. */
export interface PageFrame {
  t: 'page';
  conversation: string;
  page: Page | null;
  /** Those of the visit in their order, as far as they are known. */
  pages?: VisitedPage[];
}

/** A colleague has a conversation on screen, or has left it. Said again every half minute; silence ends it. */
export interface ViewingFrame {
  t: 'viewing';
  conversation: string;
  agent: string;
  on: boolean;
}

export type ServerFrame =
  | { t: 'welcome'; n: number; resumed: boolean }
  | { t: 'snapshot'; n: number; why: SnapshotReason }
  | { t: 'event'; n: number; prev: number; event: DeskEvent }
  | { t: 'rows'; rows: ConversationRow[] }
  | ({ t: 'counters' } & Counters)
  | ({ t: 'marks'; conversation: string; unread: number; read_seq: number; assignee: string | null } & Marks)
  | TypingFrame
  /** Who is on the site has changed: whoever shows it asks again. */
  | { t: 'visitors' }
  | PageFrame
  | { t: 'presence'; agents: { id: string; status: Status; since?: string | null; pause?: Paused | null }[] }
  | { t: 'team'; agents: ({ id: string } & TeamLoad)[] }
  | ViewingFrame
  | { t: 'refused'; code: string; message: string }
  | { t: 'pong' };

export type ClientFrame =
  | { t: 'hello'; since: number | null; watching: string[] }
  | { t: 'watch'; conversations: string[] }
  | { t: 'typing'; conversation: string; on: boolean }
  | { t: 'viewing'; conversation: string | null }
  | { t: 'read'; conversation: string; seq: number }
  | { t: 'ping' };

/** Frames that change what is shown; the others belong to the socket itself. */
export type StateFrame = Extract<
  ServerFrame,
  { t: 'event' | 'rows' | 'counters' | 'marks' | 'page' | 'presence' | 'team' | 'visitors' }
>;
