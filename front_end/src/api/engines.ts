import { queryOptions } from '@tanstack/react-query';

import { answer, api, type Schema } from './client';
import { keys } from './keys';

/** What runs jobs: its task types and the JSON Schemas of their configs. */
export type Engine = Schema<'Engine'>;

export const enginesQuery = queryOptions({
  queryKey: keys.engines,
  queryFn: ({ signal }) => answer(api.GET('/api/v1/engines', { signal })),
});

/** Something that an engine found where it works, such as on a cluster. */
export type EngineFinding = Schema<'EngineFinding'>;

/** What an engine finds when it is asked. Asking takes the engine some work, so it is not asked again by itself. */
export const engineCheckQuery = (name: string) =>
  queryOptions({
    queryKey: [...keys.engines, 'check', name],
    queryFn: ({ signal }) =>
      answer(api.POST('/api/v1/engines/{name}/check', { params: { path: { name } }, signal })),
    staleTime: 60_000,
    refetchOnWindowFocus: false,
  });
