import { MutationCache, type Query, QueryClient } from '@tanstack/react-query';

import { whenSignedOut } from './client';
import { ApiError } from './error';
import { keys } from './keys';

declare module '@tanstack/react-query' {
  interface Register {
    defaultError: ApiError;
  }
}

/** The cache of what the server said. Events say what has changed, so nothing is stale by age alone. */
export function newQueryClient(): QueryClient {
  const client = new QueryClient({
    mutationCache: new MutationCache({
      onError: (error) => {
        // A lost race: what the other one stored is shown without waiting for the feed.
        if (error.code === 'stale') void client.invalidateQueries({ predicate: isNotSession });
      },
    }),
    defaultOptions: {
      queries: {
        staleTime: Infinity,
        retry: (failures, error) => error.isTransient && failures < 2,
        refetchOnWindowFocus: false,
        // The live feed loads everything again when the connection is back.
        refetchOnReconnect: false,
        networkMode: 'always',
      },
      mutations: { networkMode: 'always' },
    },
  });
  whenSignedOut(() => {
    client.setQueryData(keys.session, null);
  });
  return client;
}

function isNotSession({ queryKey }: Query): boolean {
  return queryKey[0] !== keys.session[0];
}
