import { useQueries } from '@tanstack/react-query';
import { useMemo } from 'react';

import type { Schema } from '../../api/client';
import { tableQuery } from '../../api/objects';
import type { Resource } from '../../api/resources';
import type { JsonObject } from '../../components/task-config/jsonObject';
import { tableSettings } from '../../components/table/tableSettings';

/** The name of the object behind a resource's URI; names have no slash. */
export function objectNameOf({ uri }: Pick<Resource, 'uri'>): string {
  const segment = uri.slice(uri.lastIndexOf('/') + 1);
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

/** The columns that somebody may name in a config: not those without a name, nor what an engine added for itself. */
export function forConfigs({
  columns,
  internal,
}: Pick<Schema<'TablePreview'>, 'columns' | 'internal'>): string[] {
  return columns.filter((name, place) => name !== '' && !internal.includes(place));
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
  const all = JSON.stringify([...new Set(found.flatMap(({ data }) => (data ? forConfigs(data) : [])))]);
  return useMemo(() => JSON.parse(all) as string[], [all]);
}
