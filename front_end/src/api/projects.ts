import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';

import { answer, api, idempotent, ifMatch, type Schema } from './client';
import { keys } from './keys';
import { pages } from './paging';

export type Project = Schema<'Project'>;

export const projectsQuery = (archived = false) =>
  pages(keys.projects.list({ archived }), (query, signal) =>
    answer(api.GET('/api/v1/projects', { params: { query: { ...query, archived } }, signal })),
  );

export const projectQuery = (id: string) =>
  queryOptions({
    queryKey: keys.projects.one(id),
    queryFn: ({ signal }) => answer(api.GET('/api/v1/projects/{id}', { params: { path: { id } }, signal })),
  });

function useStoreProject() {
  const client = useQueryClient();
  return (project: Project) => {
    client.setQueryData(keys.projects.one(project.id), project);
    return client.invalidateQueries({ queryKey: keys.projects.lists });
  };
}

export function useCreateProject() {
  const store = useStoreProject();
  return useMutation({
    mutationFn: ({ key, ...body }: Schema<'NewProject'> & { key: string }) =>
      answer(api.POST('/api/v1/projects', { body, headers: idempotent(key) })),
    onSuccess: store,
  });
}

/** Changes a project; naming a project that the partner made and giving it an owner takes it. */
export function useChangeProject() {
  const store = useStoreProject();
  return useMutation({
    mutationFn: ({ project, change }: { project: Project; change: Schema<'ProjectChange'> }) =>
      answer(
        api.PATCH('/api/v1/projects/{id}', {
          params: { path: { id: project.id } },
          headers: ifMatch(project),
          body: change,
        }),
      ),
    onSuccess: store,
  });
}

/** Deletes a closed project, with its tasks and the runs that have ended. */
export function useDeleteProject() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => answer(api.DELETE('/api/v1/projects/{id}', { params: { path: { id } } })),
    onSuccess: (_, id) => {
      client.removeQueries({ queryKey: keys.projects.one(id) });
      void client.invalidateQueries({ queryKey: keys.instances.lists });
      return client.invalidateQueries({ queryKey: keys.projects.lists });
    },
  });
}

export function useArchiveProject() {
  const store = useStoreProject();
  return useMutation({
    mutationFn: (project: Project) =>
      answer(
        api.POST('/api/v1/projects/{id}/archive', {
          params: { path: { id: project.id } },
          headers: ifMatch(project),
        }),
      ),
    onSuccess: store,
  });
}

/** Asks the partner whether it knows the project, now. */
export function useCheckProject() {
  return useMutation({
    mutationFn: (id: string) => answer(api.POST('/api/v1/projects/{id}/check', { params: { path: { id } } })),
  });
}
