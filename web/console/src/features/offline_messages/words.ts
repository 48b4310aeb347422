// What the states of an offline message are called, and how they look.
import type { OfflineEntry, OfflineState } from '@balcao/api';
import type { Hue } from '@balcao/ui';
import { t } from '../../i18n/i18n.svelte';
import { live } from '../live/live.svelte';

export const stateName = (state: OfflineState): string =>
  ({
    new: t('console.offline.new'),
    read: t('console.offline.read'),
    answered: t('console.offline.answered'),
    failed: t('console.offline.failed'),
    converted: t('console.offline.converted'),
  })[state];

/** What asks for attention has a colour. */
export const stateHue = (state: OfflineState): Hue | undefined =>
  ({ new: 1 as Hue, failed: 4 as Hue })[state as string];

/** That an address was corrected, as a sentence. */
export const addressText = ({ before, address, name }: OfflineEntry): string =>
  t('console.offline.addressChanged', { before: before ?? '', after: address, name });

export const departmentName = (id: string): string => live.state.departments.get(id)?.name ?? '';

export const agentName = (id: string | null): string => (id ? (live.state.agents.get(id)?.name ?? '') : '');
