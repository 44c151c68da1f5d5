import { useInfiniteQuery } from '@tanstack/react-query';
import { useEffect, useMemo } from 'react';

import type { PagesOptions } from '../api/paging';

/** All rows of a list, for a choice among them: its parts are loaded one after the other. */
export function useAllRows<Row>(query: PagesOptions<Row>) {
  const list = useInfiniteQuery(query);
  const { hasNextPage, isFetching, isError, fetchNextPage } = list;
  useEffect(() => {
    if (hasNextPage && !isFetching && !isError) void fetchNextPage();
  }, [hasNextPage, isFetching, isError, fetchNextPage]);
  const rows = useMemo(() => list.data?.pages.flatMap((page) => page.items), [list.data]);
  return { rows, complete: list.isSuccess && !hasNextPage, error: list.error, refetch: list.refetch };
}
