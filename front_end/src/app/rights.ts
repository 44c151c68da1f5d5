import { type Me, useMe } from '../api/session';

/**
 * What a person may do, so that the console offers nothing that the server would refuse. The server decides; its table
 * is in `crates/console-app/src/rights.rs`.
 */
export interface Rights {
  manageUsers: boolean;
  managePartners: boolean;
  manageProjects: boolean;
  createTasks: boolean;
  writeObjects: boolean;
  run: boolean;
  system: boolean;
}

export function rightsOf({ role, add_task, run }: Pick<Me, 'role' | 'add_task' | 'run'>): Rights {
  const admin = role === 'root' || role === 'admin';
  return {
    manageUsers: admin,
    managePartners: admin,
    manageProjects: admin,
    createTasks: admin || add_task,
    writeObjects: admin || add_task,
    run: admin || run,
    system: admin,
  };
}

/** The rights of who is signed in. */
export function useRights(): Rights {
  return rightsOf(useMe());
}

/** Whether a person may change or pair a task: administrators, and with `add_task` the owners of it or of its project. */
export function mayChangeTask(
  me: Me,
  task: { owner_id?: string | null },
  project: { owner_id?: string | null } | undefined,
): boolean {
  if (me.role === 'root' || me.role === 'admin') return true;
  return me.add_task && (task.owner_id === me.id || project?.owner_id === me.id);
}

/** Whether a person may delete or replace a file: administrators, and with `add_task` whoever owns it. */
export function mayDeleteObject(me: Me, object: { owner_id?: string | null }): boolean {
  if (me.role === 'root' || me.role === 'admin') return true;
  return me.add_task && object.owner_id === me.id;
}

/** Whether a person may create, change or disable an account of a role. */
export function mayManageUser(me: Me, role: string): boolean {
  return me.role === 'root' || (me.role === 'admin' && role === 'default');
}
