import { queryOptions } from '@tanstack/react-query';

import { answer, api, type Schema } from './client';
import { keys } from './keys';

/** What an operator wants to know first, in one answer. */
export type Overview = Schema<'Overview'>;

export const overviewQuery = queryOptions({
  queryKey: keys.overview,
  queryFn: ({ signal }) => answer(api.GET('/api/v1/overview', { signal })),
});
