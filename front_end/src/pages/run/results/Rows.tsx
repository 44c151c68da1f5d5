import { type PaginationProps, Table } from 'antd';
import { cloneElement, isValidElement } from 'react';
import { useTranslation } from 'react-i18next';

import { inLanguage } from '../../../components/inLanguage';
import { listText } from '../../../components/listText';
import { isOneOf } from '../../../components/words';
import { type Coded, isCoded, isFigures } from './parts';
import { useNumbers } from '../../../components/useNumbers';
import { useWords } from './useWords';

interface RowsProps {
  columns: readonly string[];
  rows: readonly (readonly unknown[])[];
  /** An engine's name of what the rows are, or words. */
  label: string;
}

/** Rows of values under the names of their columns, in words. */
export function Rows({ columns, rows, label }: RowsProps) {
  const { t, i18n } = useTranslation('run');
  const words = useWords();
  const { number } = useNumbers();
  const reasons = useReasons();
  const textOf = (value: unknown): string | number => {
    if (typeof value === 'number' || typeof value === 'string') return value;
    if (typeof value === 'boolean') return t(value ? 'yes' : 'no');
    if (isCoded(value)) return reasons(value);
    if (isFigures(value)) return listText(value.map(String), i18n.language);
    return value == null ? '' : JSON.stringify(value);
  };
  const show = (value: unknown) => {
    const text = textOf(value);
    return typeof text === 'number' ? <span className="numbers">{number(text)}</span> : text;
  };
  // The library's own buttons are read by the names of their icons.
  const pageButton: PaginationProps['itemRender'] = (_page, type, button) => {
    const names: Record<string, string> = { prev: t('results.page.previous'), next: t('results.page.next') };
    const name = names[type];
    const named = name !== undefined && isValidElement<{ 'aria-label'?: string }>(button);
    return named ? cloneElement(button, { 'aria-label': name }) : button;
  };
  return (
    <Table
      aria-label={words(label)}
      size="small"
      rowKey={(row) => rows.indexOf(row)}
      dataSource={rows}
      pagination={
        rows.length > 10 && { pageSize: 10, showSizeChanger: false, size: 'small', itemRender: pageButton }
      }
      scroll={{ x: 'max-content' }}
      columns={columns.map((column, index) => ({
        key: column,
        title: words(column),
        render: (_: unknown, row: readonly unknown[]) => show(row[index]),
        sorter: (one, other) => order(textOf(one[index]), textOf(other[index])),
      }))}
    />
  );
}

/** Why the local engine left a column out; what other engines say is shown as they say it. */
const REASONS = ['id', 'key', 'nameless', 'empty', 'too_long', 'all_different', 'date', 'text'] as const;

function useReasons(): (reason: Coded) => string {
  const { t, i18n } = useTranslation('run');
  return ({ code, text, zh }) =>
    isOneOf(REASONS, code) ? t(`leftOut.${code}`) : inLanguage(i18n.language, text, zh);
}

function order(one: string | number, other: string | number): number {
  if (typeof one === 'number' && typeof other === 'number') return one - other;
  return String(one).localeCompare(String(other));
}
