import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';

import { answer, api, idempotent, ifMatch, type Schema } from './client';
import { keys } from './keys';
import { pages } from './paging';

export type User = Schema<'User'>;

export const usersQuery = () =>
  pages(keys.users.list(), (query, signal) =>
    answer(api.GET('/api/v1/users', { params: { query }, signal })),
  );

export const userQuery = (id: string) =>
  queryOptions({
    queryKey: keys.users.one(id),
    queryFn: ({ signal }) => answer(api.GET('/api/v1/users/{id}', { params: { path: { id } }, signal })),
  });

export function useCreateUser() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ key, ...body }: Schema<'NewUser'> & { key: string }) =>
      answer(api.POST('/api/v1/users', { body, headers: idempotent(key) })),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.users.lists }),
  });
}

export function useChangeUser() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ user, change }: { user: User; change: Schema<'UserChange'> }) =>
      answer(
        api.PATCH('/api/v1/users/{id}', {
          params: { path: { id: user.id } },
          headers: ifMatch(user),
          body: change,
        }),
      ),
    onSettled: () => client.invalidateQueries({ queryKey: keys.users.all }),
  });
}

export function useChangePassword() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ id, ...body }: Schema<'PasswordChange'> & { id: string }) =>
      answer(api.POST('/api/v1/users/{id}/password', { params: { path: { id } }, body })),
    // The row has another generation then.
    onSuccess: () => client.invalidateQueries({ queryKey: keys.users.all }),
  });
}
