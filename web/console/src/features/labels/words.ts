// Sentences about labels: how often one is used, what a condition looks at and how it compares.
import type { LabelField, LabelOperator } from '@balcao/api';
import { format } from '../../i18n/format.svelte';
import { t, type Key } from '../../i18n/i18n.svelte';

/** The server counts so far. */
const COUNTED_MAX = 10_000;

export function usedText(conversations: number): string {
  if (conversations === 0) return t('console.labels.unused');
  if (conversations >= COUNTED_MAX) return t('console.labels.usedOften', { count: format.number(COUNTED_MAX) });
  return t('console.labels.used', { count: conversations });
}

const FIELD_TEXTS: Record<LabelField, Key> = {
  message: 'console.labels.field.message',
  page: 'console.labels.field.page',
  department: 'console.labels.field.department',
  connection: 'console.labels.field.connection',
  channel: 'console.labels.field.channel',
  name: 'console.labels.field.name',
  email: 'console.labels.field.email',
  email_domain: 'console.labels.field.email_domain',
  phone: 'console.labels.field.phone',
  weekday: 'console.labels.field.weekday',
  hour: 'console.labels.field.hour',
  custom: 'console.labels.field.custom',
};

const OPERATOR_TEXTS: Record<LabelOperator, Key> = {
  contains: 'console.labels.operator.contains',
  equals: 'console.labels.operator.equals',
  not_equals: 'console.labels.operator.not_equals',
  starts_with: 'console.labels.operator.starts_with',
  ends_with: 'console.labels.operator.ends_with',
  is_empty: 'console.labels.operator.is_empty',
  at_least: 'console.labels.operator.at_least',
  below: 'console.labels.operator.below',
};

/** What a condition may look at; the channel is not asked for while there is only one. */
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
  'custom',
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

export const fieldText = (field: LabelField): string => t(FIELD_TEXTS[field]);

export const operatorText = (operator: LabelOperator): string => t(OPERATOR_TEXTS[operator]);
