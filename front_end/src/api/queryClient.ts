import { QueryClient } from '@tanstack/react-query';

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
