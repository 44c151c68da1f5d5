import { queryOptions } from '@tanstack/react-query';

import { answer, api, type Schema } from './client';
import { keys } from './keys';

/** What runs jobs: its task types and the JSON Schemas of their configs. */
export type Engine = Schema<'Engine'>;

export const enginesQuery = queryOptions({
  queryKey: keys.engines,
  queryFn: ({ signal }) => answer(api.GET('/api/v1/engines', { signal })),
});
