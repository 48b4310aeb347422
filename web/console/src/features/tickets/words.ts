// What is said of tickets: states, priorities, and what was changed about one.
import type { TicketChange, TicketPriority, TicketState } from '@balcao/api';
import type { Hue } from '@balcao/ui';
import { t } from '../../i18n/i18n.svelte';
import { agentName, departmentName } from '../offline_messages/words';
import { categoryName } from '../ticket_categories/categories.svelte';

export const STATES: TicketState[] = ['new', 'open', 'waiting_customer', 'solved', 'cancelled'];
/** Whether nothing is left to be done. */
export const isOver = (state: TicketState): boolean => state === 'solved' || state === 'cancelled';
export const PRIORITIES: TicketPriority[] = ['low', 'normal', 'high', 'urgent'];

export const stateName = (state: TicketState): string =>
  ({
    new: t('console.tickets.stateNew'),
    open: t('console.tickets.stateOpen'),
    waiting_customer: t('console.tickets.stateWaiting'),
    solved: t('console.tickets.stateSolved'),
    cancelled: t('console.tickets.stateCancelled'),
  })[state];

/** What asks for attention has a colour. */
export const stateHue = (state: TicketState): Hue | undefined => ({ new: 1 as Hue, open: 3 as Hue })[state as string];

export const priorityName = (priority: TicketPriority): string =>
  ({
    low: t('console.tickets.priorityLow'),
    normal: t('console.tickets.priorityNormal'),
    high: t('console.tickets.priorityHigh'),
    urgent: t('console.tickets.priorityUrgent'),
  })[priority];

export const priorityHue = (priority: TicketPriority): Hue | undefined =>
  ({ high: 5 as Hue, urgent: 4 as Hue })[priority as string];

/** What was changed, as a sentence. */
export function changeText({ field, before, after, agent_id }: TicketChange): string {
  const who = agentName(agent_id);
  const by = who ? t('console.tickets.byWhom', { name: who }) : '';
  const said = (text: string): string => (by ? `${text} · ${by}` : text);
  switch (field) {
    case 'created':
      return said(agent_id ? t('console.tickets.madeByHand') : t('console.tickets.madeByItself'));
    case 'state':
      return said(t('console.tickets.changedState', { after: stateName(after as TicketState) }));
    case 'priority':
      return said(t('console.tickets.changedPriority', { after: priorityName(after as TicketPriority) }));
    case 'assignee':
      if (!after) return said(t('console.tickets.givenUp'));
      return said(t('console.tickets.changedAssignee', { after: agentName(after) || t('console.tickets.somebody') }));
    case 'department':
      return said(t('console.tickets.changedDepartment', { after: departmentName(after ?? '') }));
    case 'category':
      if (!after) return said(t('console.categories.none'));
      return said(t('console.tickets.changedCategory', { after: categoryName(after) }));
    case 'title':
      return said(t('console.tickets.changedTitle', { before: before ?? '' }));
  }
}
