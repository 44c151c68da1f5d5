import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Alert, Button, Flex, Select, Switch } from 'antd';
import { type ReactNode, useDeferredValue, useId } from 'react';
import { useTranslation } from 'react-i18next';

import type { Resource } from '../../api/resources';
import { tableQuery } from '../../api/objects';
import type { Schema } from '../../api/client';
import { inLanguage } from '../../components/inLanguage';
import { isObject } from '../../components/jsonDiff';
import { Problem } from '../../components/Problem';
import { isOneOf } from '../../components/words';
import type { JsonObject } from '../../components/task-config/jsonObject';
import { tableSettings } from './tableSettings';
import { objectNameOf } from './useColumns';

type Table = Schema<'TablePreview'>;

const ROWS = 6;
const AUTO = 'auto';
const DELIMITERS = { ',': 'comma', ';': 'semicolon', '\\t': 'tab', '|': 'bar' } as const;
/** The settings of which an engine must have each, for its tables to be shown. */
const SETTINGS = ['input', 'delimiter', 'encoding', 'has_header'];
const ENCODINGS = ['utf-8', 'gb18030', 'utf-16le', 'utf-16be', 'windows-1252', 'big5', 'shift_jis'];

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
      <Controls config={config} table={table.data} change={change} />
      {table.error ? (
        <Problem error={table.error} />
      ) : (
        table.data && (
          <>
            <Header config={config} table={table.data} change={change} />
            <Rows table={table.data} />
          </>
        )
      )}
    </section>
  );
}

interface PartProps {
  config: JsonObject;
  table: Table | undefined;
  change: (changes: JsonObject) => void;
}

function Controls({ config, table, change }: PartProps) {
  const { t } = useTranslation('tasks');
  const known = Object.keys(DELIMITERS) as (keyof typeof DELIMITERS)[];
  const named = (delimiter: string) => {
    const name = delimiter === '\t' ? '\\t' : delimiter;
    return isOneOf(known, name) ? t(`preview.delimiters.${DELIMITERS[name]}`) : name;
  };
  const found = (value: string | undefined) =>
    value ? t('preview.found', { value }) : t('preview.automatic');
  const chosen = (key: string) => (typeof config[key] === 'string' ? config[key] : AUTO);
  const options = (
    key: string,
    usual: readonly string[],
    label: (value: string) => string,
    auto?: string,
  ) => {
    const value = chosen(key);
    const all = value === AUTO || usual.includes(value) ? usual : [...usual, value];
    return [{ value: AUTO, label: found(auto) }, ...all.map((one) => ({ value: one, label: label(one) }))];
  };
  const isAuto = (key: string) => chosen(key) === AUTO;
  return (
    <Flex gap="8px 16px" wrap align="center">
      <Labelled label={t('preview.delimiter')}>
        {(id) => (
          <Select
            id={id}
            className="table-preview-choice"
            value={chosen('delimiter')}
            onChange={(delimiter: string) => change({ delimiter })}
            options={options(
              'delimiter',
              known,
              named,
              table && isAuto('delimiter') ? named(table.delimiter) : undefined,
            )}
          />
        )}
      </Labelled>
      <Labelled label={t('preview.encoding')}>
        {(id) => (
          <Select
            id={id}
            className="table-preview-choice"
            value={chosen('encoding')}
            onChange={(encoding: string) => change({ encoding })}
            options={options(
              'encoding',
              ENCODINGS,
              (name) => name,
              table && isAuto('encoding') ? table.encoding : undefined,
            )}
          />
        )}
      </Labelled>
      <Labelled label={t('preview.header')}>
        {(id) => (
          <Switch
            id={id}
            checked={config.has_header !== false}
            onChange={(has_header) => change({ has_header })}
          />
        )}
      </Labelled>
      {table?.compression && (
        <span className="muted">{t('preview.packed', { format: table.compression })}</span>
      )}
    </Flex>
  );
}

function Labelled({ label, children }: { label: string; children: (id: string) => ReactNode }) {
  const id = useId();
  return (
    <Flex gap={8} align="center">
      <label htmlFor={id}>{label}</label>
      {children(id)}
    </Flex>
  );
}

/** Where the first line looks like something else than the settings take it for, that is said. */
function Header({ config, table, change }: PartProps & { table: Table }) {
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

function Rows({ table }: { table: Table }) {
  const { t, i18n } = useTranslation('tasks');
  const missing = new Set(table.missing.map(([row, column]) => `${row} ${column}`));
  const more = table.column_count - table.columns.length;
  return (
    <>
      {/* A part that scrolls must be reachable by keyboard. */}
      <div className="table-preview-rows" tabIndex={0} role="region" aria-label={t('preview.rows')}>
        <table>
          <thead>
            <tr>
              {table.columns.map((name, column) => (
                <th key={column} scope="col">
                  {name || <span className="muted">{t('preview.nameless')}</span>}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {table.rows.map((fields, row) => (
              <tr key={row}>
                {fields.map((field, column) => (
                  <td key={column}>
                    {missing.has(`${row} ${column}`) ? (
                      <span className="muted">
                        {field ? t('preview.missingAs', { value: field }) : t('preview.missing')}
                      </span>
                    ) : (
                      field
                    )}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {more > 0 && <p className="muted">{t('preview.moreColumns', { count: more })}</p>}
      {table.problem && (
        <Alert type="warning" showIcon title={inLanguage(i18n.language, table.problem, table.problem_zh)} />
      )}
    </>
  );
}
