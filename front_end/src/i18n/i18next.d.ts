// The types of all keys: a key that is used and does not exist fails the type check.
import 'i18next';

import type account from './en/account.json';
import type common from './en/common.json';
import type components from './en/components.json';
import type invitations from './en/invitations.json';
import type objects from './en/objects.json';
import type overview from './en/overview.json';
import type partners from './en/partners.json';
import type problems from './en/problems.json';
import type projects from './en/projects.json';
import type run from './en/run.json';
import type runs from './en/runs.json';
import type setup from './en/setup.json';
import type signIn from './en/signIn.json';
import type system from './en/system.json';
import type tasks from './en/tasks.json';
import type users from './en/users.json';

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'common';
    returnNull: false;
    resources: {
      account: typeof account;
      common: typeof common;
      components: typeof components;
      invitations: typeof invitations;
      objects: typeof objects;
      overview: typeof overview;
      partners: typeof partners;
      problems: typeof problems;
      projects: typeof projects;
      run: typeof run;
      runs: typeof runs;
      setup: typeof setup;
      signIn: typeof signIn;
      system: typeof system;
      tasks: typeof tasks;
      users: typeof users;
    };
  }
}
