// The ways of distributing in words.
import type { DepartmentDistribution, Distribution } from '@balcao/api';
import type { Option } from '@balcao/ui';
import { t } from '../../i18n/i18n.svelte';

const WAYS: Distribution[] = ['off', 'round_robin', 'least_busy', 'in_order', 'random'];

export function distributionText(way: Distribution): string {
  return {
    off: t('console.distribution.off'),
    random: t('console.distribution.random'),
    round_robin: t('console.distribution.roundRobin'),
    least_busy: t('console.distribution.leastBusy'),
    in_order: t('console.distribution.inOrder'),
  }[way];
}

function distributionHint(way: Distribution): string {
  return {
    off: t('console.distribution.offHint'),
    random: t('console.distribution.randomHint'),
    round_robin: t('console.distribution.roundRobinHint'),
    least_busy: t('console.distribution.leastBusyHint'),
    in_order: t('console.distribution.inOrderHint'),
  }[way];
}

export function distributionOptions(): Option<Distribution>[] {
  return WAYS.map((way) => ({ value: way, label: distributionText(way), detail: distributionHint(way) }));
}

/** A department may follow the company: then the way that is in force is named. */
export function departmentOptions(company: Distribution): Option<DepartmentDistribution>[] {
  const label = t('console.distribution.inherit', { way: distributionText(company) });
  return [{ value: 'inherit', label, detail: t('console.distribution.inherited') }, ...distributionOptions()];
}

/** What holds in a department, and that it is the company's way where it is. */
export function wayInForce(own: DepartmentDistribution, company: Distribution): string {
  if (own !== 'inherit') return distributionText(own);
  return t('console.distribution.fromCompany', { way: distributionText(company) });
}
