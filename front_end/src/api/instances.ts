import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';

import { answer, api, idempotent, ifMatch, type Schema } from './client';
import { keys } from './keys';
import { pages } from './paging';

/** One run of a paired task version. */
export type Instance = Schema<'Instance'>;
/** A change in the history of a run. */
export type HistoryEntry = Schema<'Event'>;
export type RunResult = Schema<'RunResult'>;
/** What a partner asks to be run here. */
export type ConsentRequest = Schema<'ConsentRequest'>;

/** Which runs. `status` is one or more states, separated by commas. */
export interface InstanceFilter {
  project?: string;
  task?: string;
  /** The first version of a task: the runs of all of its versions. */
  task_root?: string;
  status?: string;
  /** Moments, as the API writes them. */
  created_after?: string;
  created_before?: string;
  /** With warnings only. */
  warnings?: boolean;
}

export const instancesQuery = (filter: InstanceFilter = {}, limit?: number) =>
  pages(
    keys.instances.list(limit === undefined ? filter : { ...filter, limit }),
    (query, signal) =>
      answer(api.GET('/api/v1/instances', { params: { query: { ...query, ...filter } }, signal })),
    limit,
  );

export const instanceQuery = (id: string) =>
  queryOptions({
    queryKey: keys.instances.one(id),
    queryFn: ({ signal }) => answer(api.GET('/api/v1/instances/{id}', { params: { path: { id } }, signal })),
  });

/** Who moved the run from which state to which, and why. */
export const historyQuery = (id: string) =>
  queryOptions({
    queryKey: keys.instances.part(id, 'history'),
    queryFn: ({ signal }) =>
      answer(api.GET('/api/v1/instances/{id}/events', { params: { path: { id } }, signal })),
  });

/** What the operators here should know of a run that may have ended well. */
export const warningsQuery = (id: string, attempt: number) =>
  queryOptions({
    queryKey: keys.instances.part(id, 'warnings', { attempt }),
    queryFn: ({ signal }) =>
      answer(
        api.GET('/api/v1/instances/{id}/warnings', { params: { path: { id }, query: { attempt } }, signal }),
      ),
  });

export const resultsQuery = (id: string, attempt: number) =>
  queryOptions({
    queryKey: keys.instances.part(id, 'results', { attempt }),
    queryFn: ({ signal }) =>
      answer(
        api.GET('/api/v1/instances/{id}/results', { params: { path: { id }, query: { attempt } }, signal }),
      ),
  });

function useStoreInstance() {
  const client = useQueryClient();
  return (instance: Instance) => {
    client.setQueryData(keys.instances.one(instance.id), instance);
    return client.invalidateQueries({ queryKey: keys.instances.lists });
  };
}

/** Makes a run of a task version; it starts when the partner has agreed. */
export function useRun() {
  const store = useStoreInstance();
  return useMutation({
    mutationFn: ({ task, key, ...body }: Schema<'NewInstance'> & { task: string; key: string }) =>
      answer(
        api.POST('/api/v1/tasks/{id}/instances', {
          params: { path: { id: task } },
          body,
          headers: idempotent(key),
        }),
      ),
    onSuccess: store,
  });
}

/** Starts a run again, as its next attempt. */
export function useStartInstance() {
  const store = useStoreInstance();
  return useMutation({
    mutationFn: (id: string) =>
      answer(api.POST('/api/v1/instances/{id}/start', { params: { path: { id } } })),
    onSuccess: store,
  });
}

/** What the partner asks for; asked anew with each change of the run. */
export const consentQuery = ({ id, generation }: Instance) =>
  queryOptions({
    queryKey: keys.instances.part(id, 'consent', { generation }),
    queryFn: ({ signal }) =>
      answer(api.GET('/api/v1/instances/{id}/consent', { params: { path: { id } }, signal })),
  });

/** Accepts or refuses what the partner asks for. What was shown is loaded anew when it is outdated. */
export function useConsent(id: string) {
  const client = useQueryClient();
  const store = useStoreInstance();
  return useMutation({
    mutationFn: (body: Partial<Schema<'ConsentAnswer'>> & Pick<Schema<'ConsentAnswer'>, 'decision'>) =>
      answer(api.POST('/api/v1/instances/{id}/consent', { params: { path: { id } }, body })),
    onSuccess: store,
    onError: () => client.invalidateQueries({ queryKey: keys.instances.one(id) }),
  });
}

export function useStopInstance() {
  const store = useStoreInstance();
  return useMutation({
    mutationFn: (id: string) => answer(api.POST('/api/v1/instances/{id}/stop', { params: { path: { id } } })),
    onSuccess: store,
  });
}

export function useCommentInstance() {
  const store = useStoreInstance();
  return useMutation({
    mutationFn: ({ instance, comment }: { instance: Instance; comment: string | null }) =>
      answer(
        api.PATCH('/api/v1/instances/{id}', {
          params: { path: { id: instance.id } },
          headers: ifMatch(instance),
          body: { comment },
        }),
      ),
    onSuccess: store,
  });
}

export function useDeleteInstance() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => answer(api.DELETE('/api/v1/instances/{id}', { params: { path: { id } } })),
    onSuccess: (_, id) => {
      client.removeQueries({ queryKey: keys.instances.one(id) });
      return client.invalidateQueries({ queryKey: keys.instances.lists });
    },
  });
}
