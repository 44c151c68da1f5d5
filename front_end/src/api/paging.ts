import { infiniteQueryOptions, type QueryKey } from '@tanstack/react-query';

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

/** Options of a list that is loaded part by part. `useInfiniteQuery` takes them, and so does `CursorTable`. */
export function pages<Row, Key extends QueryKey>(
  queryKey: Key,
  load: (query: PageQuery, signal: AbortSignal) => Promise<Page<Row>>,
  limit = PAGE_SIZE,
) {
  return infiniteQueryOptions({
    queryKey,
    queryFn: ({ pageParam, signal }) =>
      load(pageParam === undefined ? { limit } : { limit, cursor: pageParam }, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.next_cursor ?? undefined,
  });
}

/** What {@link pages} gives. */
export type PagesOptions<Row, Key extends QueryKey = QueryKey> = ReturnType<typeof pages<Row, Key>>;
