import { useMutation, useQueryClient } from '@tanstack/react-query';

import { answer, api, idempotent, type Schema } from './client';
import { keys } from './keys';
import { pages } from './paging';

export type Invitation = Schema<'Invitation'>;
/** What a code says. */
export type InvitationPreview = Schema<'Preview'>;

export const invitationsQuery = () =>
  pages(keys.invitations.list(), (query, signal) =>
    answer(api.GET('/api/v1/invitations', { params: { query }, signal })),
  );

/** Makes a code for a partner's operators. It is told once, in this answer. */
export function useInvite() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ key, ...body }: Schema<'NewInvitation'> & { key: string }) =>
      answer(api.POST('/api/v1/invitations', { body, headers: idempotent(key) })),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.invitations.all }),
  });
}

/** Reads a code; nothing is sent to anybody. */
export function usePreviewInvitation() {
  return useMutation({
    mutationFn: (code: string) => answer(api.POST('/api/v1/invitations/preview', { body: { code } })),
  });
}

export function useAcceptInvitation() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ key, ...body }: Schema<'Acceptance'> & { key: string }) =>
      answer(api.POST('/api/v1/invitations/accept', { body, headers: idempotent(key) })),
    onSuccess: (partner) => {
      client.setQueryData(keys.partners.one(partner.id), partner);
      return client.invalidateQueries({ queryKey: keys.partners.lists });
    },
  });
}

export function useRevokeInvitation() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => answer(api.DELETE('/api/v1/invitations/{id}', { params: { path: { id } } })),
    onSettled: () => client.invalidateQueries({ queryKey: keys.invitations.all }),
  });
}
