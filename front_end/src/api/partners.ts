import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';

import { answer, api, idempotent, ifMatch, type Schema } from './client';
import { keys } from './keys';
import { pages } from './paging';

export type Partner = Schema<'Partner'>;

export const partnersQuery = () =>
  pages(keys.partners.list(), (query, signal) =>
    answer(api.GET('/api/v1/partners', { params: { query }, signal })),
  );

export const partnerQuery = (id: string) =>
  queryOptions({
    queryKey: keys.partners.one(id),
    queryFn: ({ signal }) => answer(api.GET('/api/v1/partners/{id}', { params: { path: { id } }, signal })),
  });

/** A partner's row as the server gave it goes into the cache; the lists are loaded again. */
function useStorePartner() {
  const client = useQueryClient();
  return (partner: Partner) => {
    client.setQueryData(keys.partners.one(partner.id), partner);
    return client.invalidateQueries({ queryKey: keys.partners.lists });
  };
}

/** Adds a partner that speaks only the base protocol. */
export function useAddBasePartner() {
  const store = useStorePartner();
  return useMutation({
    mutationFn: ({ key, ...body }: Schema<'NewBasePartner'> & { key: string }) =>
      answer(api.POST('/api/v1/partners', { body, headers: idempotent(key) })),
    onSuccess: store,
  });
}

export function useChangePartner() {
  const store = useStorePartner();
  return useMutation({
    mutationFn: ({ partner, change }: { partner: Partner; change: Schema<'PartnerChange'> }) =>
      answer(
        api.PATCH('/api/v1/partners/{id}', {
          params: { path: { id: partner.id } },
          headers: ifMatch(partner),
          body: change,
        }),
      ),
    onSuccess: store,
  });
}

/** Says that the fingerprint was compared with what the partner's operators see. */
export function useConfirmPartner() {
  const store = useStorePartner();
  return useMutation({
    mutationFn: ({ id, fingerprint }: { id: string; fingerprint: string }) =>
      answer(api.POST('/api/v1/partners/{id}/confirm', { params: { path: { id } }, body: { fingerprint } })),
    onSuccess: store,
  });
}

export function useSuspendPartner() {
  const store = useStorePartner();
  return useMutation({
    mutationFn: (id: string) =>
      answer(api.POST('/api/v1/partners/{id}/suspend', { params: { path: { id } } })),
    onSuccess: store,
  });
}

export function useResumePartner() {
  const store = useStorePartner();
  return useMutation({
    mutationFn: (id: string) =>
      answer(api.POST('/api/v1/partners/{id}/resume', { params: { path: { id } } })),
    onSuccess: store,
  });
}

export function useUnpairPartner() {
  const store = useStorePartner();
  return useMutation({
    mutationFn: ({ id, ...body }: Schema<'Unpairing'> & { id: string }) =>
      answer(api.POST('/api/v1/partners/{id}/unpair', { params: { path: { id } }, body })),
    onSuccess: store,
  });
}

/** Tries each hop of the connection, now. The answer names the one that fails. */
export function useCheckPartner() {
  const store = useStorePartner();
  return useMutation({
    mutationFn: (id: string) => answer(api.POST('/api/v1/partners/{id}/check', { params: { path: { id } } })),
    onSuccess: ({ partner }) => store(partner),
  });
}

/** Deletes a partner that is no longer paired and has no projects. */
export function useDeletePartner() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => answer(api.DELETE('/api/v1/partners/{id}', { params: { path: { id } } })),
    onSuccess: (_, id) => {
      client.removeQueries({ queryKey: keys.partners.one(id) });
      return client.invalidateQueries({ queryKey: keys.partners.lists });
    },
  });
}
