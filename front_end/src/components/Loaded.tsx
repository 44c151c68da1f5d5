import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';

import { Loading } from './Loading';
import { Problem } from './Problem';

interface Props<Data> {
  query: UseQueryResult<Data>;
  children: (data: Data) => ReactNode;
  /** Rows of the skeleton. */
  rows?: number;
}

/** What a query gave; until then its place, and the reason if it failed. What is known stays when an update fails. */
export function Loaded<Data>({ query, children, rows = 4 }: Props<Data>) {
  if (query.data !== undefined) return children(query.data);
  if (query.error) return <Problem error={query.error} onRetry={() => void query.refetch()} />;
  return <Loading rows={rows} />;
}
