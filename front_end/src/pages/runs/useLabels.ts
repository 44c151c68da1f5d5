import { useMemo } from 'react';

import { useRunName } from '../run/useRunName';
import type { ComparedRun } from './useCompared';

/** What the runs are called beside each other: by number, because runs of one task have the same name. */
export function useLabels(runs: readonly ComparedRun[]): string[] {
  const name = useRunName();
  return useMemo(() => runs.map(({ run }, index) => `${index + 1} · ${name(run)}`), [runs, name]);
}
