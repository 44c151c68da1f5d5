import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';

import { answer, api, type Schema } from './client';
import { keys } from './keys';

/** An object that is attached to a task version. */
export type Resource = Schema<'Resource'>;

export const resourcesQuery = (task: string) =>
  queryOptions({
    queryKey: keys.resources.list({ task }),
    queryFn: ({ signal }) =>
      answer(api.GET('/api/v1/tasks/{id}/resources', { params: { path: { id: task } }, signal })),
  });

function useReload() {
  const client = useQueryClient();
  return async () => {
    await Promise.all([
      client.invalidateQueries({ queryKey: keys.resources.all }),
      client.invalidateQueries({ queryKey: keys.objects.all }),
    ]);
  };
}

export function useAttachResource(task: string) {
  return useMutation({
    mutationFn: (body: Schema<'Attachment'>) =>
      answer(api.POST('/api/v1/tasks/{id}/resources', { params: { path: { id: task } }, body })),
    onSuccess: useReload(),
  });
}

export function useChangeResource() {
  return useMutation({
    mutationFn: ({ id, ...body }: Schema<'Attachment'> & { id: string }) =>
      answer(api.PUT('/api/v1/resources/{id}', { params: { path: { id } }, body })),
    onSuccess: useReload(),
  });
}

export function useDetachResource() {
  return useMutation({
    mutationFn: (id: string) => answer(api.DELETE('/api/v1/resources/{id}', { params: { path: { id } } })),
    onSuccess: useReload(),
  });
}
