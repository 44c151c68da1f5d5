import { useSyncExternalStore } from 'react';

// One clock for all relative times of the page, so that they do not disagree.
function clock(everyMs: number) {
  const watchers = new Set<() => void>();
  let timer: ReturnType<typeof setInterval> | undefined;
  let now = Date.now();
  const tick = () => {
    now = Date.now();
    for (const watcher of watchers) watcher();
  };
  const watch = (watcher: () => void) => {
    watchers.add(watcher);
    if (timer === undefined) {
      now = Date.now();
      timer = setInterval(tick, everyMs);
    }
    return () => {
      watchers.delete(watcher);
      if (watchers.size > 0) return;
      clearInterval(timer);
      timer = undefined;
    };
  };
  const read = () => (timer === undefined && Date.now() - now > everyMs ? (now = Date.now()) : now);
  return { watch, read };
}

const slow = clock(10_000);
const fast = clock(1_000);

/** The time, every ten seconds or (for what counts seconds) every second. */
export function useNow(pace: 'slow' | 'fast' = 'slow'): number {
  const { watch, read } = pace === 'fast' ? fast : slow;
  return useSyncExternalStore(watch, read);
}
