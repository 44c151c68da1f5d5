import { type Me, useMe } from '../api/session';

/** What a person may do as the server says, so that the console offers nothing that would be refused. */
export interface Rights {
  manageUsers: boolean;
  manageAdmins: boolean;
  managePartners: boolean;
  manageProjects: boolean;
  createTasks: boolean;
  changeAllTasks: boolean;
  writeObjects: boolean;
  deleteAllObjects: boolean;
  run: boolean;
  system: boolean;
}

export function rightsOf({ rights }: Pick<Me, 'rights'>): Rights {
  const has = (right: Me['rights'][number]) => rights.includes(right);
  return {
    manageUsers: has('manage_users'),
    manageAdmins: has('manage_admins'),
    managePartners: has('manage_partners'),
    manageProjects: has('manage_projects'),
    createTasks: has('create_tasks'),
    changeAllTasks: has('change_all_tasks'),
    writeObjects: has('write_objects'),
    deleteAllObjects: has('delete_all_objects'),
    run: has('run'),
    system: has('system'),
  };
}

/** The rights of who is signed in. */
export function useRights(): Rights {
  return rightsOf(useMe());
}

/** Whether a person may change or pair a task: whoever may change all, and who creates tasks its own or its project's. */
export function mayChangeTask(
  me: Me,
  task: { owner_id?: string | null },
  project: { owner_id?: string | null } | undefined,
): boolean {
  const { changeAllTasks, createTasks } = rightsOf(me);
  return changeAllTasks || (createTasks && (task.owner_id === me.id || project?.owner_id === me.id));
}

/** Whether a person may delete or replace a file: whoever may delete all, and who uploads files its own. */
export function mayDeleteObject(me: Me, object: { owner_id?: string | null }): boolean {
  const { deleteAllObjects, writeObjects } = rightsOf(me);
  return deleteAllObjects || (writeObjects && object.owner_id === me.id);
}

/** Whether a person may create, change or disable an account of a role. */
export function mayManageUser(me: Me, role: string): boolean {
  const { manageUsers, manageAdmins } = rightsOf(me);
  return role === 'default' ? manageUsers : manageAdmins;
}
