// Levels, specialists and projects in words.
import type { Associated, CareLevel, Project } from '@balcao/api';
import { t } from '../../i18n/i18n.svelte';
import { live } from '../live/live.svelte';

export const LEVELS: readonly CareLevel[] = [1, 2];

export function levelText(level: CareLevel): string {
  return level === 1 ? t('console.level.first') : t('console.level.second');
}

export function levelHint(level: CareLevel): string {
  return level === 1 ? t('console.level.firstHint') : t('console.level.secondHint');
}

export function nameOf({ kind, id }: Pick<Associated, 'kind' | 'id'>): string {
  const known = kind === 'agent' ? live.state.agents.get(id) : live.state.departments.get(id);
  return known?.name ?? '';
}

export function projectDetail(project: Project): string {
  return project.has_chat ? '' : t('console.projects.off');
}
