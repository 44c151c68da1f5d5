import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';

import { answer, api, idempotent, ifMatch, type Schema } from './client';
import { keys } from './keys';
import { pages } from './paging';

/** A version of a task. */
export type Task = Schema<'Task'>;
/** A task: its root, its newest version, and how many there are. */
export type TaskSummary = Schema<'TaskSummary'>;

export const tasksQuery = (project: string, archived = false) =>
  pages(keys.tasks.list({ project, archived }), (query, signal) =>
    answer(
      api.GET('/api/v1/projects/{id}/tasks', {
        params: { path: { id: project }, query: { ...query, archived } },
        signal,
      }),
    ),
  );

/** All versions of the task that a version belongs to, those in the archive included; without config and meta. */
export const versionsQuery = (id: string) =>
  pages(keys.tasks.list({ versionsOf: id }), (query, signal) =>
    answer(
      api.GET('/api/v1/tasks/{id}/versions', {
        params: { path: { id }, query: { ...query, archived: true } },
        signal,
      }),
    ),
  );

export const taskQuery = (id: string) =>
  queryOptions({
    queryKey: keys.tasks.one(id),
    queryFn: ({ signal }) => answer(api.GET('/api/v1/tasks/{id}', { params: { path: { id } }, signal })),
  });

function useStoreTask() {
  const client = useQueryClient();
  return (task: Task) => {
    client.setQueryData(keys.tasks.one(task.id), task);
    // Its settings stand beside the partner's there.
    if (task.pairing) void client.invalidateQueries({ queryKey: keys.pairings.one(task.pairing.id) });
    return client.invalidateQueries({ queryKey: keys.tasks.lists });
  };
}

export function useCreateTask(project: string) {
  const store = useStoreTask();
  return useMutation({
    mutationFn: ({ key, ...body }: Schema<'NewTask'> & { key: string }) =>
      answer(
        api.POST('/api/v1/projects/{id}/tasks', {
          params: { path: { id: project } },
          body,
          headers: idempotent(key),
        }),
      ),
    onSuccess: store,
  });
}

export function useChangeTask() {
  const store = useStoreTask();
  return useMutation({
    mutationFn: ({ task, change }: { task: Task; change: Schema<'TaskChange'> }) =>
      answer(
        api.PATCH('/api/v1/tasks/{id}', {
          params: { path: { id: task.id } },
          headers: ifMatch(task),
          body: change,
        }),
      ),
    onSuccess: store,
  });
}

/** Makes the next version, which begins as a copy of this one. */
export function useNewVersion() {
  const store = useStoreTask();
  return useMutation({
    mutationFn: ({ id, key }: { id: string; key: string }) =>
      answer(api.POST('/api/v1/tasks/{id}/versions', { params: { path: { id } }, headers: idempotent(key) })),
    onSuccess: store,
  });
}

/** Puts a version away, or with the first one the whole task; or takes it out again. */
export function useArchiveTask() {
  const store = useStoreTask();
  return useMutation({
    mutationFn: ({ task, archived }: { task: Task; archived: boolean }) =>
      answer(
        api.POST('/api/v1/tasks/{id}/archive', {
          params: { path: { id: task.id } },
          headers: ifMatch(task),
          body: { archived },
        }),
      ),
    onSuccess: store,
  });
}

/** Deletes a version, or with the first one the whole task, with the runs that have ended. */
export function useDeleteTask() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => answer(api.DELETE('/api/v1/tasks/{id}', { params: { path: { id } } })),
    onSuccess: (_, id) => {
      client.removeQueries({ queryKey: keys.tasks.one(id) });
      void client.invalidateQueries({ queryKey: keys.instances.lists });
      return client.invalidateQueries({ queryKey: keys.tasks.lists });
    },
  });
}

/** Asks the engine what is wrong with the stored config. */
export function useValidateTask() {
  return useMutation({
    mutationFn: (id: string) => answer(api.POST('/api/v1/tasks/{id}/validate', { params: { path: { id } } })),
  });
}
