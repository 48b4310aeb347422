// Statuses and roles in words.
import type { Role, Status } from '@balcao/api';
import { t } from '../../i18n/i18n.svelte';

export function statusText(status: Status): string {
  return { online: t('console.status.online'), away: t('console.status.away'), offline: t('console.status.offline') }[
    status
  ];
}

export function roleText(role: Role): string {
  return {
    owner: t('console.role.owner'),
    administrator: t('console.role.administrator'),
    manager: t('console.role.manager'),
    agent: t('console.role.agent'),
    viewer: t('console.role.viewer'),
  }[role];
}

export function roleHint(role: Role): string {
  return {
    owner: t('console.role.ownerHint'),
    administrator: t('console.role.administratorHint'),
    manager: t('console.role.managerHint'),
    agent: t('console.role.agentHint'),
    viewer: t('console.role.viewerHint'),
  }[role];
}
