// Where a conversation can go: colleagues and departments, the likeliest first. Pure; the dialogs draw it.
import type { Agent, CareLevel, ConversationRow, Department, Status } from '@balcao/api';
import type { LiveState } from '@balcao/live';
import { matches } from '@balcao/ui';
import { handsOn, hasLevels, levelIn, mayHave, type Person } from '../projects/levels';

export interface AgentTarget {
  kind: 'agent';
  id: string;
  name: string;
  status: Status;
  open: number;
  limit: number;
  /** At which they serve where the conversation would be; none where levels are not spoken of. */
  level: CareLevel | null;
  /** Where they could have the conversation; the first one is the one that is meant. */
  departments: Department[];
  /** They need not be given another department with it. */
  isInDepartment: boolean;
  isEverywhere: boolean;
}

export interface DepartmentTarget {
  kind: 'department';
  id: string;
  name: string;
  online: number;
}

export type Target = AgentTarget | DepartmentTarget;

export interface TargetGroups {
  here: AgentTarget[];
  elsewhere: AgentTarget[];
  departments: DepartmentTarget[];
  /** Who is not online, wherever they serve: the last thing that is meant. */
  absent: AgentTarget[];
}

const PRESENT: Record<Status, number> = { online: 0, away: 1, offline: 2 };

const byName = (one: { name: string }, other: { name: string }): number => one.name.localeCompare(other.name);

/** Online first, then their own department's, among them whoever has most room left. */
function likeliest(one: AgentTarget, other: AgentTarget): number {
  const far = (target: AgentTarget) => 2 * PRESENT[target.status] + Number(!target.isInDepartment);
  const room = (target: AgentTarget) => target.limit - target.open;
  return far(one) - far(other) || room(other) - room(one) || byName(one, other);
}

export const isEverywhere = (agent: Agent): boolean => agent.role === 'owner' || agent.role === 'administrator';

export const canServe = (agent: Agent): boolean => agent.is_active && !agent.is_invited && agent.role !== 'viewer';

export const belongsTo = (agent: Agent, department: string): boolean =>
  agent.departments.some((membership) => membership.id === department);

/** The departments in which somebody may have a conversation that stands in `present`: that one first. `isHandedOn`: Level 2 may. */
function departmentsFor(agent: Agent, present: string, isHandedOn: boolean, state: LiveState): Department[] {
  const all = [...state.departments.values()].filter((department) => department.is_active || department.id === present);
  const theirs = all
    .filter((department) => isEverywhere(agent) || belongsTo(agent, department.id))
    .filter((department) => mayHave(levelIn(agent, department.id, state), isHandedOn))
    .sort(byName);
  return [...theirs.filter(({ id }) => id === present), ...theirs.filter(({ id }) => id !== present)];
}

/** `isHandedOn`: whether it counts as transferred once it is there. */
export function agentTarget(agent: Agent, present: string, isHandedOn: boolean, state: LiveState): AgentTarget {
  const load = state.team.get(agent.id);
  const departments = departmentsFor(agent, present, isHandedOn, state);
  const place = departments[0]?.id ?? present;
  return {
    kind: 'agent',
    id: agent.id,
    name: agent.name,
    status: agent.status,
    open: load?.open ?? 0,
    limit: load?.limit ?? 0,
    level: hasLevels(place, state) ? levelIn(agent, place, state) : null,
    departments,
    isInDepartment: departments[0]?.id === present,
    isEverywhere: isEverywhere(agent),
  };
}

export function departmentTarget({ id, name }: Department, state: LiveState): DepartmentTarget {
  const online = [...state.agents.values()].filter(
    (agent) =>
      canServe(agent) && agent.status === 'online' && belongsTo(agent, id) && levelIn(agent, id, state) !== null,
  ).length;
  return { kind: 'department', id, name, online };
}

const isPresent = ({ status }: AgentTarget): boolean => status === 'online';

/** Whether a conversation counts as transferred once `me` has given it to somebody: taking it over oneself is no transfer. */
export function isHandedOnTo(agent: string, row: ConversationRow, me: Person, state: LiveState): boolean {
  return row.is_handed_on || (agent !== me.id && handsOn(me, row, state));
}

/** Everybody and everywhere a conversation could go, without where it is. `me`: whoever hands it on. */
export function targetsOf(row: ConversationRow, me: Person, state: LiveState, search: string): TargetGroups {
  const fits = (name: string): boolean => !search.trim() || matches(name, search.trim());
  const agents = [...state.agents.values()]
    .filter((agent) => canServe(agent) && agent.id !== row.assignee_id && fits(agent.name))
    .map((agent) => agentTarget(agent, row.department_id, isHandedOnTo(agent.id, row, me, state), state))
    .filter((target) => target.departments.length > 0)
    .sort(likeliest);
  const isHere = (department: Department): boolean => department.id === row.department_id && row.state === 'queue';
  return {
    here: agents.filter((target) => isPresent(target) && target.isInDepartment),
    elsewhere: agents.filter((target) => isPresent(target) && !target.isInDepartment),
    absent: agents.filter((target) => !isPresent(target)),
    departments: [...state.departments.values()]
      .filter((department) => department.is_active && !isHere(department) && fits(department.name))
      .map((department) => departmentTarget(department, state))
      .sort((one, other) => Number(other.online > 0) - Number(one.online > 0) || byName(one, other)),
  };
}

export type Doubt = 'offline' | 'busy' | 'nobody';

/** Why somebody should think again before handing it there (P-070, X-006). */
export function doubtOf(target: Target): Doubt | null {
  if (target.kind === 'department') return target.online > 0 ? null : 'nobody';
  if (target.status !== 'online') return 'offline';
  return target.limit > 0 && target.open >= target.limit ? 'busy' : null;
}
