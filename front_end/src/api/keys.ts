/**
 * Keys of the query cache. Each resource's keys begin with its name; lists and single rows are told apart, so that a
 * change of one row need not load the others again. `src/events/invalidation.ts` relies on this shape.
 */
export const keys = {
  setup: ['setup'] as const,
  session: ['session'] as const,
  engines: ['engines'] as const,
  overview: ['overview'] as const,
  users: resource('users'),
  invitations: resource('invitations'),
  partners: resource('partners'),
  projects: resource('projects'),
  /** Lists are those of a project (`list({ project })`) or the versions of a task (`list({ versionsOf })`). */
  tasks: resource('tasks'),
  pairings: resource('pairings'),
  /** Lists are those of a task version: `list({ task })`. */
  resources: resource('resources'),
  instances: resource('instances'),
  objects: resource('objects'),
  system: resource('system'),
};

/** Names of the resources whose keys have a list and single rows. */
export type ResourceName = {
  [Key in keyof typeof keys]: (typeof keys)[Key] extends { all: unknown } ? Key : never;
}[keyof typeof keys];

function resource<Name extends string>(name: Name) {
  return {
    all: [name] as const,
    lists: [name, 'list'] as const,
    list: (filter: object = {}) => [name, 'list', filter] as const,
    /** Single rows, without their parts. */
    rows: [name, 'one'] as const,
    one: (id: string) => [name, 'one', id] as const,
    /** A part of a row that is read by itself: `part(id, 'metrics')`. */
    part: (id: string, part: string, filter: object = {}) => [name, 'one', id, part, filter] as const,
  };
}
