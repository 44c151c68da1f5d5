import type { QueryFunctionContext, QueryKey } from '@tanstack/react-query';

/** One part of a list, as the API gives it. */
export interface Page<Row> {
  items: Row[];
  next_cursor?: string | null;
}

/** Query parameters of a list's part. */
export interface PageQuery {
  limit: number;
  cursor?: string;
}

/** Rows of one part. */
export const PAGE_SIZE = 50;

/** The part that a search for one thing among many loads: the most that the server gives at once. */
export const MOST = 200;

/** How a list is loaded part by part. `useInfiniteQuery` takes it, and so does `CursorTable`. */
export interface PagesOptions<Row> {
  queryKey: QueryKey;
  queryFn: (context: QueryFunctionContext<QueryKey, string | undefined>) => Promise<Page<Row>>;
  initialPageParam: string | undefined;
  getNextPageParam: (last: Page<Row>) => string | undefined;
}

/** Makes a list's options from what loads one part. */
export function pages<Row>(
  queryKey: QueryKey,
  load: (query: PageQuery, signal: AbortSignal) => Promise<Page<Row>>,
  limit = PAGE_SIZE,
): PagesOptions<Row> {
  return {
    queryKey,
    queryFn: ({ pageParam, signal }) =>
      load(pageParam === undefined ? { limit } : { limit, cursor: pageParam }, signal),
    initialPageParam: undefined,
    getNextPageParam: (last) => last.next_cursor ?? undefined,
  };
}
