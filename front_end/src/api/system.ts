import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';

import { answer, api, type Schema } from './client';
import { keys } from './keys';
import { pages } from './paging';

export type System = Schema<'System'>;
export type OutboxMessage = Schema<'OutboxMessage'>;

/** Which messages to partners. */
export interface OutboxFilter {
  partner?: string;
  state?: OutboxMessage['state'];
}

export const systemQuery = queryOptions({
  queryKey: keys.system.one('status'),
  queryFn: ({ signal }) => answer(api.GET('/api/v1/system', { signal })),
});

/** Gives the organisation another name. */
export function useRenameOrganization() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (name: string) => answer(api.PATCH('/api/v1/system', { body: { name } })),
    onSuccess: (system) => {
      client.setQueryData(systemQuery.queryKey, system);
      return client.invalidateQueries({ queryKey: keys.setup });
    },
  });
}

/** The last calls of partners and unknown consoles that were refused here. */
export const refusedCallsQuery = queryOptions({
  queryKey: keys.system.one('refused-calls'),
  queryFn: ({ signal }) => answer(api.GET('/api/v1/system/refused-calls', { signal })),
  // Nobody is told of them.
  refetchInterval: 30_000,
});

export const outboxQuery = (filter: OutboxFilter = {}) =>
  pages(keys.system.list({ outbox: filter }), (query, signal) =>
    answer(api.GET('/api/v1/system/outbox', { params: { query: { ...query, ...filter } }, signal })),
  );

function useReload() {
  const client = useQueryClient();
  return () => client.invalidateQueries({ queryKey: keys.system.all });
}

export function useRetryMessage() {
  return useMutation({
    mutationFn: (id: string) =>
      answer(api.POST('/api/v1/system/outbox/{id}/retry', { params: { path: { id } } })),
    onSettled: useReload(),
  });
}

export function useGiveUpMessage() {
  return useMutation({
    mutationFn: (id: string) =>
      answer(api.POST('/api/v1/system/outbox/{id}/give-up', { params: { path: { id } } })),
    onSettled: useReload(),
  });
}
