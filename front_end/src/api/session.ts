import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { createContext, useContext } from 'react';

import { answer, api, type Schema } from './client';
import { keys } from './keys';

/** Who is signed in, and what that person may do. */
export type Me = Schema<'WhoAmI'>;

/** Who is signed in; null for nobody. */
export const sessionQuery = queryOptions({
  queryKey: keys.session,
  queryFn: async ({ signal, client }): Promise<Me | null> => {
    // Browsers report a refused call as an error of the page, and nobody being signed in is none.
    const setup = await answer(api.GET('/api/v1/setup', { signal }));
    client.setQueryData(keys.setup, setup);
    return setup.user ?? null;
  },
});

/** Whether the console waits for its first account. */
export const setupQuery = queryOptions({
  queryKey: keys.setup,
  queryFn: ({ signal }) => answer(api.GET('/api/v1/setup', { signal })),
  // It changes once, and what is told by the server at that moment counts.
  staleTime: 0,
});

/** Who is signed in, for what is within the shell. */
export const MeContext = createContext<Me | null>(null);

/** Who is signed in. For pages within the shell, which is shown to nobody else. */
export function useMe(): Me {
  const me = useContext(MeContext);
  if (!me) throw new Error('useMe is for pages of a signed-in operator');
  return me;
}

/** Signs in. What an earlier operator saw is forgotten. */
export function useSignIn() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: Schema<'Credentials'>) => answer(api.POST('/api/v1/session', { body })),
    onSuccess: ({ user }) => {
      client.clear();
      client.setQueryData(keys.session, user);
    },
  });
}

/** Signs the same operator in again, whose pages are still there. */
export function useSignInAgain() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: Schema<'Credentials'>) => answer(api.POST('/api/v1/session', { body })),
    onSuccess: ({ user }) => {
      client.setQueryData(keys.session, user);
      return client.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== keys.session[0] });
    },
  });
}

/** Signs out. */
export function useSignOut() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => answer(api.DELETE('/api/v1/session')),
    onSuccess: () => {
      client.clear();
      client.setQueryData(keys.session, null);
    },
  });
}

/** Makes the first account, and signs it in. */
export function useFirstAdmin() {
  const signIn = useSignIn();
  return useMutation({
    mutationFn: async (body: Schema<'FirstAdmin'>) => {
      await answer(api.POST('/api/v1/setup', { body }));
      return signIn.mutateAsync({ name: body.name, password: body.password });
    },
  });
}
