import { useQueries } from '@tanstack/react-query';
import { useMemo } from 'react';

import { tableQuery } from '../../api/objects';
import type { Resource } from '../../api/resources';
import type { JsonObject } from '../../components/task-config/jsonObject';
import { tableSettings } from './tableSettings';

/** The name of the object behind a resource's URI; names have no slash. */
export function objectNameOf({ uri }: Pick<Resource, 'uri'>): string {
  const segment = uri.slice(uri.lastIndexOf('/') + 1);
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

/** The columns of the attached tables, to choose from; of the one that the config names as the config has it read. */
export function useColumns(resources: readonly Resource[] | undefined, config: JsonObject | null): string[] {
  const settings = tableSettings(config);
  const tables = (resources ?? [])
    .map((resource) => ({ object: objectNameOf(resource), isInput: resource.name === config?.input }))
    .filter(({ object, isInput }) => isInput || /\.(csv|tsv|txt)(\.(gz|zst))?$/i.test(object));
  // Only a help for typing: without it the names are typed.
  const found = useQueries({
    queries: tables.map(({ object, isInput }) =>
      tableQuery(object, isInput ? { ...settings, rows: 1 } : { rows: 1 }),
    ),
  });
  const all = JSON.stringify([
    ...new Set(found.flatMap(({ data }) => data?.columns.filter((name) => name !== '') ?? [])),
  ]);
  return useMemo(() => JSON.parse(all) as string[], [all]);
}
