import { ApiError } from '../../../api/error';
import { type LogPart, type LogPlace, type LogQuery, readLog } from '../../../api/logs';
import { followLog, type LogState } from '../../../events/logs';
import {
  type Arrival,
  atBeginning,
  atEnd,
  type LogWindow,
  windowOf,
  withArrived,
  withNewer,
  withOlder,
} from './window';

/** Lines that are asked for at once. */
const STEP = 1_000;

/** What the page shows of a log. */
export interface LogView {
  window: LogWindow;
  /** `loading` until the newest lines are there. */
  state: 'loading' | LogState;
  /** Lines that came while the reader was elsewhere. */
  unseen: number;
  /** Which lines are being loaded. */
  loading: 'older' | 'newer' | 'newest' | undefined;
  /** Why the last request failed. */
  error: ApiError | undefined;
}

const EMPTY: LogView = {
  window: { lines: [], first: 0, next: 0, newest: 0, oldest: 0 },
  state: 'loading',
  unseen: 0,
  loading: undefined,
  error: undefined,
};

/**
 * A log that is followed: at first its newest lines, then those that are written; older ones when the reader scrolls
 * there. It holds a part of bounded size, and tells its watchers at most once for each picture of the screen.
 */
export class LogStore {
  private current = EMPTY;
  private arrival: Arrival = 'follow';
  private stopFollowing: (() => void) | undefined;
  private request: AbortController | undefined;
  private picture: number | undefined;
  private readonly watchers = new Set<() => void>();

  constructor(private readonly query: LogQuery) {}

  readonly view = (): LogView => this.current;

  readonly watch = (watcher: () => void): (() => void) => {
    this.watchers.add(watcher);
    return () => this.watchers.delete(watcher);
  };

  start(): void {
    void this.toNewest();
  }

  stop(): void {
    this.stopFollowing?.();
    this.stopFollowing = undefined;
    this.request?.abort();
    this.request = undefined;
    if (this.picture !== undefined) cancelAnimationFrame(this.picture);
    this.picture = undefined;
    this.current = EMPTY;
  }

  /** What to do with the lines that arrive from now on. */
  arrive(arrival: Arrival): void {
    if (this.arrival === arrival) return;
    this.arrival = arrival;
    if (arrival === 'follow' && atEnd(this.current.window)) this.set({ unseen: 0 });
  }

  /** Shows the log's end, whatever is between it and what is shown now. */
  async toNewest(): Promise<void> {
    this.arrival = 'follow';
    if (this.stopFollowing && atEnd(this.current.window)) {
      this.set({ unseen: 0 });
      return;
    }
    await this.load('newest', { tail: STEP }, (part) => {
      this.set({ window: windowOf(part), unseen: 0 });
      this.follow(part.next_line);
    });
  }

  /** Loads lines before those that are shown. */
  async loadOlder(): Promise<void> {
    const { window, loading } = this.current;
    if (loading !== undefined || this.current.state === 'loading' || atBeginning(window)) return;
    await this.load('older', { before: window.first, limit: STEP }, (part) => {
      this.set({ window: withOlder(this.current.window, part) });
    });
  }

  /** Loads lines behind those that are shown, if they are not the log's last. */
  async loadNewer(): Promise<void> {
    const { window, loading } = this.current;
    if (loading !== undefined || this.current.state === 'loading' || atEnd(window)) return;
    await this.load('newer', { from: window.next, limit: STEP }, (part) => {
      const after = withNewer(this.current.window, part);
      this.set({ window: after, ...(atEnd(after) && { unseen: 0 }) });
    });
  }

  private async load(
    loading: LogView['loading'],
    place: LogPlace,
    take: (part: LogPart) => void,
  ): Promise<void> {
    this.request?.abort();
    const request = new AbortController();
    this.request = request;
    this.set({ loading, error: undefined });
    try {
      const part = await readLog(this.query, place, request.signal);
      if (request.signal.aborted) return;
      this.set({ loading: undefined });
      take(part);
    } catch (thrown) {
      if (!request.signal.aborted) this.set({ loading: undefined, error: ApiError.from(thrown) });
    }
  }

  private follow(from: number): void {
    this.stopFollowing?.();
    this.stopFollowing = followLog(this.query, from, {
      onPart: (part) => {
        const { window, unseen } = this.current;
        const missed = this.arrival === 'follow' ? 0 : part.lines.length;
        this.set({ window: withArrived(window, part, this.arrival), unseen: unseen + missed });
      },
      onState: (state) => this.set({ state }),
    });
  }

  private set(change: Partial<LogView>): void {
    this.current = { ...this.current, ...change };
    this.picture ??= requestAnimationFrame(() => {
      this.picture = undefined;
      for (const watcher of this.watchers) watcher();
    });
  }
}
