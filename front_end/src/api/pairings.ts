import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';

import { answer, api, type Schema } from './client';
import { keys } from './keys';

/** The link between a version of our task and one of the partner's. */
export type Pairing = Schema<'Pairing'>;

export const pairingQuery = (id: string) =>
  queryOptions({
    queryKey: keys.pairings.one(id),
    queryFn: ({ signal }) => answer(api.GET('/api/v1/pairings/{id}', { params: { path: { id } }, signal })),
  });

function useStorePairing() {
  const client = useQueryClient();
  return (pairing: Pairing) => {
    client.setQueryData(keys.pairings.one(pairing.id), pairing);
    return client.invalidateQueries({ queryKey: keys.tasks.all });
  };
}

/** Asks the partner to pair a task version. */
export function useAskPairing() {
  const store = useStorePairing();
  return useMutation({
    mutationFn: (task: string) =>
      answer(api.POST('/api/v1/tasks/{id}/pairing', { params: { path: { id: task } } })),
    onSuccess: store,
  });
}

/** Asks the partner for its present public meta. */
export function useRefreshPairing() {
  const store = useStorePairing();
  return useMutation({
    mutationFn: (id: string) =>
      answer(api.POST('/api/v1/pairings/{id}/refresh', { params: { path: { id } } })),
    onSuccess: store,
  });
}

/** Writes the partner's values of the shared settings that differ into our version, which is not paired yet. */
export function useTakeSettings() {
  const store = useStorePairing();
  return useMutation({
    mutationFn: (id: string) =>
      answer(api.POST('/api/v1/pairings/{id}/take-settings', { params: { path: { id } } })),
    onSuccess: store,
  });
}
