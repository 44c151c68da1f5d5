import type { Change } from './invalidation';

/** `live`: changes arrive by events. `polling`: they do not, so pages ask. `offline`: asking fails as well. */
export type LiveMode = 'live' | 'polling' | 'offline';

/** How the page learns of changes. */
export interface LiveState {
  mode: LiveMode;
  /** Whether the feed broke off and has not come back; false while it connects for the first time. */
  interrupted: boolean;
}

/** What the feed tells. */
export interface FeedListener {
  onChange: (change: Change) => void;
  /** Anything may have changed. */
  onReset: () => void;
  /** The session ended. */
  onEnd: () => void;
  /** The feed is down: time to ask. Rejects if nobody answers. */
  poll: () => Promise<void>;
}

const POLL_MS = 5_000;
const RETRY_MS = [1_000, 2_000, 5_000, 10_000];

/**
 * The live feed. A browser opens a broken stream again by itself, and says where it stopped; it gives up when the
 * answer is an error (a proxy whose console is down), and then this opens a new one. A page that nobody sees has no feed:
 * a browser allows few connections to one console for all its tabs.
 */
export class LiveFeed {
  private source: EventSource | undefined;
  private retry: ReturnType<typeof setTimeout> | undefined;
  private poller: ReturnType<typeof setInterval> | undefined;
  private failures = 0;
  /** Whether changes may have been missed because nobody saw the page. */
  private rested = false;
  private current: LiveState = { mode: 'polling', interrupted: false };
  private readonly watchers = new Set<() => void>();

  constructor(
    private readonly url: string,
    private readonly listener: FeedListener,
  ) {}

  readonly state = (): LiveState => this.current;

  readonly watch = (watcher: () => void): (() => void) => {
    this.watchers.add(watcher);
    return () => this.watchers.delete(watcher);
  };

  start(): void {
    window.addEventListener('online', this.reopen);
    window.addEventListener('offline', this.wentOffline);
    document.addEventListener('visibilitychange', this.followIfSeen);
    this.followIfSeen();
  }

  stop(): void {
    window.removeEventListener('online', this.reopen);
    window.removeEventListener('offline', this.wentOffline);
    document.removeEventListener('visibilitychange', this.followIfSeen);
    this.close();
  }

  private readonly followIfSeen = () => {
    if (document.visibilityState === 'hidden') {
      this.rested = true;
      this.close();
    } else {
      this.open();
      this.startPolling();
    }
  };

  private close(): void {
    clearTimeout(this.retry);
    this.stopPolling();
    this.source?.close();
    this.source = undefined;
  }

  private open(): void {
    clearTimeout(this.retry);
    this.source?.close();
    const source = new EventSource(this.url, { withCredentials: true });
    this.source = source;
    source.onopen = () => this.opened();
    source.onerror = () => this.broke(source);
    source.addEventListener('change', (event: MessageEvent<string>) => {
      this.listener.onChange(JSON.parse(event.data) as Change);
    });
    source.addEventListener('reset', () => this.listener.onReset());
    source.addEventListener('end', () => {
      this.stop();
      this.listener.onEnd();
    });
  }

  private readonly reopen = () => {
    if (document.visibilityState !== 'hidden') this.open();
  };

  private readonly wentOffline = () => this.set({ mode: 'offline', interrupted: true });

  private opened(): void {
    this.stopPolling();
    // A new stream does not know what the old one missed, and the first one not what changed since the page loaded.
    if (this.current.interrupted || this.rested) this.listener.onReset();
    this.rested = false;
    this.failures = 0;
    this.set({ mode: 'live', interrupted: false });
  }

  private broke(source: EventSource): void {
    if (this.current.mode !== 'offline') this.set({ mode: 'polling', interrupted: true });
    this.startPolling();
    if (source.readyState !== EventSource.CLOSED) return;
    const wait = RETRY_MS[Math.min(this.failures, RETRY_MS.length - 1)];
    this.failures += 1;
    clearTimeout(this.retry);
    this.retry = setTimeout(this.reopen, wait);
    // Perhaps the reason is that the session ended; asking tells.
    void this.ask();
  }

  private startPolling(): void {
    this.poller ??= setInterval(() => void this.ask(), POLL_MS);
  }

  private stopPolling(): void {
    clearInterval(this.poller);
    this.poller = undefined;
  }

  private async ask(): Promise<void> {
    const answered = await this.listener.poll().then(
      () => true,
      () => false,
    );
    if (this.current.mode === 'live' || this.poller === undefined) return;
    this.set({ mode: answered ? 'polling' : 'offline', interrupted: this.current.interrupted || !answered });
  }

  private set(next: LiveState): void {
    const { mode, interrupted } = this.current;
    if (mode === next.mode && interrupted === next.interrupted) return;
    this.current = next;
    for (const watcher of this.watchers) watcher();
  }
}
