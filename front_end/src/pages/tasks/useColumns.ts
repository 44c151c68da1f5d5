import { queryOptions, useQueries } from '@tanstack/react-query';
import { useMemo } from 'react';

import { keys } from '../../api/keys';
import { downloadAddress } from '../../api/objects';
import type { Resource } from '../../api/resources';
import { columnsOf } from './csv';

/** Enough of a table to hold its first line. */
const HEAD_BYTES = 64 * 1024;

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
      const range = { Range: `bytes=0-${HEAD_BYTES - 1}` };
      const response = await fetch(downloadAddress(object), {
        headers: range,
        signal,
        credentials: 'same-origin',
      });
      // Only a help for typing: without it the names are typed.
      return response.ok ? columnsOf(await response.text()) : [];
    },
    retry: false,
  });

/** The columns of the attached tables, to choose from. */
export function useColumns(resources: readonly Resource[] | undefined): string[] {
  const tables = (resources ?? []).map(objectNameOf).filter((name) => /\.(csv|tsv|txt)$/i.test(name));
  const found = useQueries({ queries: [...new Set(tables)].map(columnsQuery) });
  const all = JSON.stringify([...new Set(found.flatMap(({ data }) => data ?? []))]);
  return useMemo(() => JSON.parse(all) as string[], [all]);
}
