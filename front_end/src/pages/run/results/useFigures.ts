import { useCallback } from 'react';

import type { RunResult } from '../../../api/instances';
import { partsOf } from './parts';
import { useWords } from './useWords';

/** The figures of all results of a run, by their names in words. */
export function useFigures(): (results: readonly RunResult[]) => Record<string, unknown> {
  const words = useWords();
  return useCallback(
    (results) => {
      const figures = results.flatMap((result) =>
        // What has a title of its own is no figure of the run.
        partsOf(result).flatMap((part) => (part.kind === 'figures' && !part.title ? part.figures : [])),
      );
      return Object.fromEntries(figures.map(({ name, value }) => [words(name), value]));
    },
    [words],
  );
}
