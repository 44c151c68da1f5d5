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
