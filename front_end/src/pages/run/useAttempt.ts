import { useSearchParams } from 'react-router';

import type { Instance } from '../../api/instances';

/** The attempt that the page shows: the present one unless the address names an earlier one. */
export function useAttempt(run: Pick<Instance, 'attempt'>): {
  attempt: number;
  choose: (attempt: number) => void;
} {
  const [search, setSearch] = useSearchParams();
  const wanted = Number(search.get('attempt'));
  const known = Number.isInteger(wanted) && wanted >= 1 && wanted <= run.attempt;
  const choose = (attempt: number) =>
    setSearch(
      (before) => {
        const after = new URLSearchParams(before);
        // Without it the page goes on to the next attempt by itself when the run is started again.
        if (attempt === run.attempt) after.delete('attempt');
        else after.set('attempt', String(attempt));
        return after;
      },
      { replace: true, preventScrollReset: true },
    );
  return { attempt: known ? wanted : run.attempt, choose };
}
