import type { QueryClient, QueryKey } from '@tanstack/react-query';

import { keys } from '../api/keys';

/** What a `change` event of the feed says. */
export interface Change {
  kind: string;
  id: string;
  change: 'created' | 'updated' | 'deleted';
  project_id?: string | null;
  task_id?: string | null;
}

/** Kinds whose changes the overview may show. */
const ON_OVERVIEW: readonly string[] = [
  'partner',
  'project',
  'task',
  'pairing',
  'instance',
  'outbox',
  // A limit that a user has reached.
  'user',
];

/** What of the cache a change makes stale. A kind that is not known (a newer server's) makes nothing stale. */
export function staleKeys(change: Change): QueryKey[] {
  const stale = rowsAndLists(change);
  return ON_OVERVIEW.includes(change.kind) ? [...stale, keys.overview] : stale;
}

function rowsAndLists({ kind, id, change, task_id }: Change): QueryKey[] {
  const row = (resource: { lists: QueryKey; one: (id: string) => QueryKey }) =>
    change === 'created' ? [resource.lists] : [resource.lists, resource.one(id)];
  const owner = task_id ? [keys.tasks.one(task_id)] : [];
  // What can be done with tasks and runs hangs on these as well.
  const users = [keys.tasks.rows, keys.instances.rows];
  switch (kind) {
    case 'partner':
      return [...row(keys.partners), ...users];
    case 'invitation':
      return row(keys.invitations);
    case 'project':
      return [...row(keys.projects), ...users];
    case 'task':
      // Its settings stand beside the partner's in its pairing.
      return [...row(keys.tasks), keys.projects.lists, keys.instances.rows, keys.pairings.rows];
    case 'pairing':
      return [keys.pairings.one(id), keys.tasks.lists, ...owner, ...users];
    case 'resource':
      return [keys.resources.lists, keys.objects.all, ...owner, keys.instances.rows];
    case 'instance':
      // Which run is the last of a project; how that one goes on is its own matter.
      return change === 'updated' ? row(keys.instances) : [...row(keys.instances), keys.projects.lists];
    case 'object':
      return [...row(keys.objects), ...users];
    case 'user':
      // Perhaps it is who is signed in, whose rights the pages go by.
      return [...row(keys.users), keys.session];
    case 'outbox':
      return [keys.system.all, keys.partners.all, keys.projects.all];
    default:
      return [];
  }
}

/** At most so often the cache is told of changes: a hundred a second must not become a hundred requests. */
const EVERY_MS = 400;

/**
 * Collects changes and marks the cache stale: the first change at once, those that follow together. Only what a page
 * shows is loaded again then.
 */
export class Invalidator {
  private readonly pending = new Map<string, QueryKey>();
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly client: QueryClient) {}

  add(change: Change): void {
    for (const key of staleKeys(change)) this.pending.set(JSON.stringify(key), key);
    if (this.timer === undefined && this.pending.size > 0) this.flush();
  }

  /** Everything may have changed. The session is not asked for again: its end is an event of its own. */
  all(): void {
    void this.client.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== keys.session[0] });
  }

  stop(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.pending.clear();
  }

  private flush(): void {
    const stale = [...this.pending.values()];
    this.pending.clear();
    // A list that is being loaded is not loaded from the start again with each change; it is once more afterwards.
    for (const queryKey of stale) {
      const filter = isRows(queryKey) ? { queryKey, predicate: isRow } : { queryKey };
      void this.client.invalidateQueries(filter, { cancelRefetch: true });
    }
    this.timer = setTimeout(() => {
      this.timer = undefined;
      if (this.pending.size > 0) this.flush();
    }, EVERY_MS);
  }
}

/** Keys for all single rows of a resource stand for the rows alone: their parts are their own matter. */
const isRows = (key: QueryKey) => key.length === 2 && key[1] === 'one';
const isRow = ({ queryKey }: { queryKey: QueryKey }) => queryKey.length === 3;
