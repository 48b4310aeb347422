// What is known in a conversation for what a quick reply asks for (P-143).
import type { ConversationRow, QuickReply } from '@balcao/api';
import { session } from '../access/session.svelte';
import { live } from '../live/live.svelte';
import { fill, greetingAt } from './fill';
import { quickReplies } from './quick-replies.svelte';

/** What a quick reply says in this conversation now. */
export function said(reply: QuickReply, row: ConversationRow): string {
  const { company, time_zone } = session.me.workspace;
  const { greetings } = quickReplies;
  return fill(reply.text, {
    customer_name: row.contact.name,
    agent_name: session.me.name,
    department: live.state.departments.get(row.department_id)?.name ?? '',
    protocol: row.protocol,
    company,
    greeting: greetings ? greetingAt(greetings, new Date(), time_zone) : '',
  });
}
