import type { RunResult } from '../../../api/instances';
import { partsOf } from './parts';

/** The figures of all results of a run, by the engine's names of them. */
export function figuresOf(results: readonly RunResult[]): Record<string, unknown> {
  const figures = results.flatMap((result) =>
    // What has a title of its own is no figure of the run.
    partsOf(result).flatMap((part) => (part.kind === 'figures' && !part.title ? part.figures : [])),
  );
  return Object.fromEntries(figures.map(({ name, value }) => [name, value]));
}
