import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useReducer, useRef } from 'react';

import { newKey } from '../../api/client';
import { ApiError } from '../../api/error';
import { keys } from '../../api/keys';
import { upload } from '../../api/objects';
import { dueUploads, nextUploads, type UploadItem } from './uploadQueue';

/** What an operator can do with the uploads of this page. */
export interface Uploads {
  items: readonly UploadItem[];
  add: (files: readonly File[]) => void;
  /** Sends one again: as it is, under another name, or in place of what is there. */
  again: (key: string, how?: { name?: string; replace?: boolean }) => void;
  /** Stops one if it is being sent, and takes it off the list. */
  remove: (key: string) => void;
  /** Takes those off the list that are stored. */
  clear: () => void;
}

/** Uploads files one after the other. What is being sent is stopped when the page is left. */
export function useUploads(): Uploads {
  const client = useQueryClient();
  const [items, tell] = useReducer(nextUploads, []);
  const underWay = useRef(new Map<string, AbortController>());

  const send = useCallback(
    async ({ key, name, file, replace }: UploadItem) => {
      const stop = new AbortController();
      underWay.current.set(key, stop);
      tell({ type: 'begin', key });
      try {
        const stored = await upload({
          name,
          file,
          replace,
          onProgress: (bytes, total) => tell({ type: 'progress', key, sent: total > 0 ? bytes / total : 0 }),
          signal: stop.signal,
        });
        tell({ type: 'stored', key, name: stored.name });
        await client.invalidateQueries({ queryKey: keys.objects.all });
      } catch (thrown) {
        if (!stop.signal.aborted) tell({ type: 'refused', key, error: ApiError.from(thrown) });
      } finally {
        underWay.current.delete(key);
      }
    },
    [client],
  );

  useEffect(() => {
    for (const item of dueUploads(items)) {
      if (!underWay.current.has(item.key)) void send(item);
    }
  }, [items, send]);

  useEffect(() => {
    const all = underWay.current;
    return () => all.forEach((stop) => stop.abort());
  }, []);

  return {
    items,
    add: useCallback(
      (files) => tell({ type: 'add', items: files.map((file) => ({ key: newKey(), file })) }),
      [],
    ),
    again: useCallback((key, how = {}) => tell({ type: 'again', key, ...how }), []),
    remove: useCallback((key) => {
      underWay.current.get(key)?.abort();
      tell({ type: 'remove', key });
    }, []),
    clear: useCallback(() => tell({ type: 'clear' }), []),
  };
}
