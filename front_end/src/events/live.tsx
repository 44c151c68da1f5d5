import { useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useContext, useEffect, useMemo, useSyncExternalStore } from 'react';

import { address } from '../base';
import { sessionQuery } from '../api/session';
import { LiveContext } from './context';
import { LiveFeed, type LiveState } from './feed';
import { Invalidator } from './invalidation';

interface Props {
  /** Whether somebody is signed in; a page whose session has ended rests. */
  active: boolean;
  children: ReactNode;
}

/** Keeps the cache fresh while somebody is signed in. */
export function LiveProvider({ active, children }: Props) {
  const client = useQueryClient();
  const { feed, invalidator } = useMemo(() => {
    const invalidator = new Invalidator(client);
    const askForSession = () => client.query({ ...sessionQuery, staleTime: 0, retry: false });
    const feed = new LiveFeed(address('/api/v1/events'), {
      onChange: (change) => invalidator.add(change),
      onReset: () => invalidator.all(),
      onEnd: () => void askForSession(),
      poll: async () => {
        await askForSession();
        invalidator.all();
      },
    });
    return { feed, invalidator };
  }, [client]);

  useEffect(() => {
    if (!active) return;
    feed.start();
    return () => {
      feed.stop();
      invalidator.stop();
    };
  }, [feed, invalidator, active]);

  return <LiveContext value={feed}>{children}</LiveContext>;
}

/** How this page learns of changes: by events (`live`), by asking (`polling`), or not at all (`offline`). */
export function useLive(): LiveState {
  const feed = useContext(LiveContext);
  if (!feed) throw new Error('useLive needs a LiveProvider');
  return useSyncExternalStore(feed.watch, feed.state);
}
