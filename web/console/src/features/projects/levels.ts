// Levels of care: at which somebody serves a department, and what a level may have. The same rule as the server's; pure.
import type { CareLevel, ConversationRow, Project } from '@balcao/api';
import type { LiveState } from '@balcao/live';

export interface Person {
  id: string;
  departments: readonly { id: string }[];
}

type World = Pick<LiveState, 'departments' | 'projects'>;

export function projectOf(department: string, { departments, projects }: World): Project | undefined {
  return projects.get(departments.get(department)?.project_id ?? '');
}

/** The own level wins, else the lowest of the groups; none for who does not serve there. */
export function levelIn(person: Person, department: string, world: World): CareLevel | null {
  const project = projectOf(department, world);
  return project ? levelOf(person, project) : 1;
}

export function levelOf(person: Person, project: Project): CareLevel | null {
  const own = project.specialists.find(({ kind, id }) => kind === 'agent' && id === person.id);
  if (own) return own.level;
  const groups = project.specialists.filter(
    ({ kind, id }) => kind === 'group' && person.departments.some((department) => department.id === id),
  );
  if (groups.length) return groups.some(({ level }) => level === 1) ? 1 : 2;
  return project.only_specialists ? null : 1;
}

/** */
export function mayHave(level: CareLevel | null, isHandedOn: boolean): boolean {
  return level === 1 || (level === 2 && isHandedOn);
}

/** Whether somebody may take a conversation that waits. */
export function mayTake(person: Person, row: ConversationRow, world: World): boolean {
  return mayHave(levelIn(person, row.department_id, world), row.is_handed_on);
}

/** Whether handing it to others makes it one that Level 2 may have: not where somebody of Level 2 moves what is nobody's. */
export function handsOn(person: Person, row: ConversationRow, world: World): boolean {
  return row.is_handed_on || row.assignee_id === person.id || levelIn(person, row.department_id, world) !== 2;
}

/** Levels are spoken of only where there are any. */
export function hasLevels(department: string, world: World): boolean {
  return (projectOf(department, world)?.specialists.length ?? 0) > 0;
}
