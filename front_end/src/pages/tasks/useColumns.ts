import { queryOptions, useQueries } from '@tanstack/react-query';
import { useMemo } from 'react';

import { answer, api } from '../../api/client';
import { keys } from '../../api/keys';
import type { Resource } from '../../api/resources';

/** The name of the object behind a resource's URI; names have no slash. */
export function objectNameOf({ uri }: Pick<Resource, 'uri'>): string {
  const segment = uri.slice(uri.lastIndexOf('/') + 1);
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

const columnsQuery = (object: string) =>
  queryOptions({
    queryKey: keys.objects.part(object, 'columns'),
    queryFn: async ({ signal }) => {
      const params = { path: { name: object }, query: { rows: 1 } };
      const table = await answer(api.GET('/api/v1/objects/{name}/table', { params, signal }));
      return table.columns.filter((name) => name !== '');
    },
    // Only a help for typing: without it the names are typed.
    retry: false,
  });

/** The columns of the attached tables, to choose from. */
export function useColumns(resources: readonly Resource[] | undefined): string[] {
  const tables = (resources ?? [])
    .map(objectNameOf)
    .filter((name) => /\.(csv|tsv|txt)(\.(gz|zst))?$/i.test(name));
  const found = useQueries({ queries: [...new Set(tables)].map(columnsQuery) });
  const all = JSON.stringify([...new Set(found.flatMap(({ data }) => data ?? []))]);
  return useMemo(() => JSON.parse(all) as string[], [all]);
}
