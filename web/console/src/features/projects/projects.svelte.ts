// The projects there are: a company of one never hears the word.
import type { Project } from '@balcao/api';
import { live } from '../live/live.svelte';

class Projects {
  /** The first one first, the others in the order in which they were added. */
  all = $derived.by(() =>
    [...live.state.projects.values()]
      .filter((project) => !project.is_removed)
      .sort((one, other) => Number(other.is_default) - Number(one.is_default) || one.id.localeCompare(other.id)),
  );
  areSeveral = $derived(this.all.length > 1);

  /** The one that is asked for, else the first. */
  one(id: string | undefined): Project | undefined {
    return this.all.find((project) => project.id === id) ?? this.all[0];
  }

  keep = (project: Project): void => {
    live.update((state) => ({ ...state, projects: new Map(state.projects).set(project.id, project) }));
  };
}

export const projects = new Projects();
