import { Flex, Select, Switch } from 'antd';
import { type ReactNode, useId } from 'react';
import { useTranslation } from 'react-i18next';

import type { Schema } from '../../api/client';
import { isOneOf } from '../words';

import './table.css';

const AUTO = 'auto';
const DELIMITERS = { ',': 'comma', ';': 'semicolon', '\\t': 'tab', '|': 'bar' } as const;
const ENCODINGS = ['utf-8', 'gb18030', 'utf-16le', 'utf-16be', 'windows-1252', 'big5', 'shift_jis'];

interface Props {
  /** What is said about it so far, by the keys `delimiter`, `encoding` and `has_header`. */
  config: Record<string, unknown>;
  /** What was found out about it. */
  table: Pick<Schema<'TablePreview'>, 'delimiter' | 'encoding' | 'compression'> | undefined;
  change: (changes: Record<string, unknown>) => void;
}

/** How a table is read, and what can be corrected about it. */
export function TableReading({ config, table, change }: Props) {
  const { t } = useTranslation('components');
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
            className="table-choice"
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
            className="table-choice"
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
