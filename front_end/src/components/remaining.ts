import type { Instance } from '../api/instances';

/** Below these nothing can be said yet: the first steps tell little of those that follow. */
const LEAST_PROGRESS = 0.02;
const LEAST_ELAPSED_MS = 10_000;

type Run = Pick<Instance, 'status' | 'progress' | 'started_at' | 'held_up'>;

/** How long a run still takes if it goes on as it did so far, in milliseconds; undefined while that cannot be known. */
export function remainingMs(run: Run, now: number): number | undefined {
  const { status, progress, started_at, held_up } = run;
  if (status !== 'running' || held_up || !started_at || progress == null) return undefined;
  const elapsed = now - Date.parse(started_at);
  if (progress < LEAST_PROGRESS || progress >= 1 || elapsed < LEAST_ELAPSED_MS) return undefined;
  return (elapsed * (1 - progress)) / progress;
}

/** "4 minutes", "2 hours": as exact as an estimate can be. Undefined for less than a minute. */
export function roughDuration(milliseconds: number, language: string): string | undefined {
  const minutes = milliseconds / 60_000;
  if (minutes < 1) return undefined;
  const text = (value: number, unit: 'minute' | 'hour' | 'day') =>
    new Intl.NumberFormat(language, { style: 'unit', unit, unitDisplay: 'long' }).format(Math.round(value));
  if (minutes < 15) return text(minutes, 'minute');
  if (minutes < 87.5) return text(Math.round(minutes / 5) * 5, 'minute');
  return minutes < 36 * 60 ? text(minutes / 60, 'hour') : text(minutes / 1440, 'day');
}
