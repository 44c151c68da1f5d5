import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Alert, Button } from 'antd';
import { useDeferredValue } from 'react';
import { useTranslation } from 'react-i18next';

import type { Resource } from '../../api/resources';
import { tableQuery } from '../../api/objects';
import type { Schema } from '../../api/client';
import { isObject } from '../../components/jsonDiff';
import { Problem } from '../../components/Problem';
import { TableReading } from '../../components/table/TableReading';
import { TableRows } from '../../components/table/TableRows';
import { tableSettings } from '../../components/table/tableSettings';
import type { JsonObject } from '../../components/task-config/jsonObject';
import { objectNameOf } from './useColumns';

const ROWS = 6;
/** The settings of which an engine must have each, for its tables to be shown. */
const SETTINGS = ['input', 'delimiter', 'encoding', 'has_header'];

interface Props {
  config: JsonObject | null;
  /** The JSON Schema of the config. */
  schema: JsonObject | undefined;
  resources: readonly Resource[] | undefined;
  onChange: (config: JsonObject) => void;
}

/** The first rows of the attached table, as these settings read it, and what to correct where they read it wrongly. */
export function TablePreview({ config, schema, resources, onChange }: Props) {
  const { t } = useTranslation('tasks');
  const input = config?.input;
  const properties = isObject(schema?.properties) ? schema.properties : {};
  const reads = SETTINGS.every((key) => key in properties);
  const attached = reads ? resources?.find(({ name }) => name === input) : undefined;
  const settings = useDeferredValue(JSON.stringify(tableSettings(config)));
  const table = useQuery({
    ...tableQuery(attached ? objectNameOf(attached) : '', {
      // A run goes by this; what it looks like is asked about besides.
      has_header: true,
      ...(JSON.parse(settings) as object),
      rows: ROWS,
    }),
    enabled: attached !== undefined,
    placeholderData: keepPreviousData,
  });
  if (!config || !attached) return null;
  const change = (changes: JsonObject) => onChange({ ...config, ...changes });
  return (
    <section className="table-preview" aria-label={t('preview.title')}>
      <h3>{t('preview.title')}</h3>
      <TableReading config={config} table={table.data} change={change} />
      {table.error ? (
        <Problem error={table.error} />
      ) : (
        table.data && (
          <>
            <Header config={config} table={table.data} change={change} />
            <TableRows table={table.data} />
          </>
        )
      )}
    </section>
  );
}

interface HeaderProps {
  config: JsonObject;
  table: Schema<'TablePreview'>;
  change: (changes: JsonObject) => void;
}

/** Where the first line looks like something else than the settings take it for, that is said. */
function Header({ config, table, change }: HeaderProps) {
  const { t } = useTranslation('tasks');
  const says = config.has_header !== false;
  if (says === table.looks_like_header) return null;
  return (
    <Alert
      type="warning"
      showIcon
      title={t(says ? 'preview.looksLikeData' : 'preview.looksLikeHeader')}
      action={
        <Button size="small" onClick={() => change({ has_header: !says })}>
          {t(says ? 'preview.isData' : 'preview.isHeader')}
        </Button>
      }
    />
  );
}
