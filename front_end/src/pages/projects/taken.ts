import type { Project } from '../../api/projects';

/** Whether a project has an owner here; one that the partner began has none until somebody takes it. */
export function isTaken({ owner_id, name }: Pick<Project, 'owner_id' | 'name'>): boolean {
  return Boolean(owner_id) && Boolean(name);
}
