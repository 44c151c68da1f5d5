import { useInfiniteQuery } from '@tanstack/react-query';

import type { Partner } from '../../api/partners';
import { type OutboxMessage, outboxQuery } from '../../api/system';

/** Our newest acceptance of a partner's invitation, while it has not answered: whether it still goes on. */
export function usePairingMessage({ id, trust }: Partner): OutboxMessage | undefined {
  const outbox = useInfiniteQuery({ ...outboxQuery({ partner: id }), enabled: trust === 'pending' });
  return outbox.data?.pages.flatMap(({ items }) => items).find(({ kind }) => kind === 'pair_partner');
}
