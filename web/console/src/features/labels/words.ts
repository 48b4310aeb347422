// Sentences about labels: how often one is used, what a condition looks at and how it compares.
import type { Label, LabelField, LabelOperator } from '@balcao/api';
import { format } from '../../i18n/format.svelte';
import { t } from '../../i18n/i18n.svelte';

/** The server counts so far. */
const COUNTED_MAX = 10_000;

export function usedText({ conversations }: Label): string {
  if (conversations === 0) return t('console.labels.unused');
  if (conversations >= COUNTED_MAX) return t('console.labels.usedOften', { count: format.number(COUNTED_MAX) });
  return t('console.labels.used', { count: conversations });
}

export const FIELDS: readonly LabelField[] = [
  'message',
  'page',
  'department',
  'connection',
  'name',
  'email',
  'email_domain',
  'phone',
  'weekday',
  'hour',
];

const TEXTS: readonly LabelOperator[] = ['contains', 'equals', 'not_equals', 'starts_with', 'ends_with', 'is_empty'];
const CHOICES: readonly LabelOperator[] = ['equals', 'not_equals'];

/** As the server has them. */
export function operatorsOf(field: LabelField): readonly LabelOperator[] {
  if (field === 'hour') return ['at_least', 'below', ...CHOICES];
  return field === 'department' || field === 'connection' || field === 'channel' || field === 'weekday'
    ? CHOICES
    : TEXTS;
}

export const fieldText = (field: LabelField): string => t(`console.labels.field.${field}`);

export const operatorText = (operator: LabelOperator): string => t(`console.labels.operator.${operator}`);
