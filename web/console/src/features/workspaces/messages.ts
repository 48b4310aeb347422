// What the chat says by itself: each message with what may stand in braces in it, as the server knows it.
import type { Workspace } from '@balcao/api';
import { t } from '../../i18n/i18n.svelte';
import type { Placeholder } from '../../shell/Placeholders.svelte';

export type MessageName = keyof Workspace['messages'];

export interface MessageField {
  name: MessageName;
  label: string;
  hint: string;
}

/** All that may stand in them, for one legend. */
export const PLACEHOLDERS: readonly Placeholder[] = [
  'customer_name',
  'agent_name',
  'department',
  'company',
  'protocol',
  'position',
  'ahead',
  'target',
  'minutes',
];

const variables = (...names: Placeholder[]) => names.map((name) => `{${name}}`).join(', ');

export function messageFields(): MessageField[] {
  return [
    {
      name: 'welcome',
      label: t('console.chat.welcome'),
      hint: t('console.chat.welcomeHint', { variables: variables('customer_name', 'company') }),
    },
    {
      name: 'queued',
      label: t('console.chat.queued'),
      hint: t('console.chat.queuedHint', {
        ahead: variables('ahead'),
        variables: variables('position', 'ahead', 'department', 'protocol', 'company'),
      }),
    },
    {
      name: 'waiting',
      label: t('console.chat.waiting'),
      hint: t('console.chat.waitingHint', { variables: variables('position', 'ahead', 'company') }),
    },
    {
      name: 'initial',
      label: t('console.chat.initial'),
      hint: t('console.chat.initialHint', {
        variables: variables('customer_name', 'agent_name', 'department', 'protocol', 'company'),
      }),
    },
    {
      name: 'offline',
      label: t('console.chat.offline'),
      hint: t('console.chat.offlineHint', { variables: variables('company') }),
    },
    {
      name: 'transferred',
      label: t('console.chat.transferred'),
      hint: t('console.chat.transferredHint', {
        target: variables('target'),
        variables: variables('agent_name', 'target', 'company'),
      }),
    },
    {
      name: 'idle_warning',
      label: t('console.chat.idleWarning'),
      hint: t('console.chat.idleWarningHint', { variables: variables('agent_name', 'minutes', 'company') }),
    },
    {
      name: 'closing',
      label: t('console.chat.closing'),
      hint: t('console.chat.closingHint', { variables: variables('agent_name', 'company') }),
    },
  ];
}

/** What is said where nobody has written anything. */
export function usualText(name: MessageName): string {
  const isSilent = name === 'queued' || name === 'initial';
  return isSilent ? t('console.chat.saysNothing') : t('console.chat.ownText');
}
