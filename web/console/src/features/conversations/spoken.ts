// What a screen reader hears when somebody else writes in the open conversation.
import type { Message } from '@balcao/api';
import { t } from '../../i18n/i18n.svelte';
import { withKind } from '../files/words';

export function latestSpoken(messages: readonly Message[]): { name: string; text: string } | null {
  const last = messages.at(-1);
  if (!last || last.from !== 'visitor') return null;
  return { name: last.name ?? t('console.timeline.visitor'), text: withKind(last.file?.kind ?? null, last.text) };
}
