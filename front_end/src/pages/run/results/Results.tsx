import { DownloadOutlined } from '@ant-design/icons';
import { useQuery } from '@tanstack/react-query';
import { Button, Flex, type PaginationProps, Table } from 'antd';
import { cloneElement, isValidElement, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';

import { type Instance, type RunResult, resultsQuery } from '../../../api/instances';
import { downloadAddress } from '../../../api/objects';
import { Icon } from '../../../components/Icon';
import { JsonView } from '../../../components/JsonView';
import { Loaded } from '../../../components/Loaded';
import { isActive, isOneOf } from '../../../components/words';
import { Confusion } from './Confusion';
import { Curve } from './Curve';
import { Figures } from './Figures';
import { type Part, partsOf } from './parts';
import { useNumbers } from './useNumbers';
import { useWords } from './useWords';

interface Props {
  run: Instance;
  attempt: number;
}

/** What came out, each by its kind. */
export function Results({ run, attempt }: Props) {
  const { t } = useTranslation('run');
  const results = useQuery(resultsQuery(run.id, attempt));
  const goesOn = isActive(run.status) && attempt === run.attempt;
  return (
    <Loaded query={results} rows={4}>
      {(found) =>
        found.length === 0 ? (
          <p className="run-nothing">{t(goesOn ? 'results.later' : 'results.none')}</p>
        ) : (
          <Shown results={found} />
        )
      }
    </Loaded>
  );
}

/** What says most comes first; what is drawn stands side by side. */
const ORDER = ['counts', 'scores', 'curve', 'confusion_matrix', 'table', 'file', 'json'] as const;
const NARROW: readonly string[] = ['curve', 'confusion_matrix'];

function Shown({ results }: { results: readonly RunResult[] }) {
  const place = ({ document }: RunResult) => ORDER.indexOf(document.kind);
  return (
    <div className="run-results">
      {results
        .toSorted((one, other) => place(one) - place(other))
        .map((result) => (
          <Result key={result.name} result={result} />
        ))}
    </div>
  );
}

function Result({ result }: { result: RunResult }) {
  const name = useResultName()(result.name);
  const parts = useMemo(() => partsOf(result), [result]);
  if (NARROW.includes(result.document.kind)) {
    return parts.map((part) => <PartView key={part.kind} part={part} label={name} />);
  }
  return (
    <section aria-label={name} className="run-wide">
      <h3 className="run-result-name">{name}</h3>
      <Flex vertical gap={16}>
        {parts.map((part, index) => (
          <PartView key={`${part.kind} ${index}`} part={part} label={name} />
        ))}
      </Flex>
    </section>
  );
}

/** What the local engine calls its results; other engines' names are shown as they are. */
const RESULTS = ['join', 'output', 'evaluation', 'roc', 'confusion', 'model', 'weights', 'training'] as const;

function useResultName(): (name: string) => string {
  const { t } = useTranslation('run');
  return (name) => (isOneOf(RESULTS, name) ? t(`result.${name}`) : name.replaceAll('_', ' '));
}

function PartView({ part, label }: { part: Part; label: string }) {
  switch (part.kind) {
    case 'figures':
      return <Figures figures={part.figures} />;
    case 'curve':
      return <Curve title={label} curve={part.curve} />;
    case 'confusion':
      return <Confusion title={label} classes={part.classes} counts={part.counts} />;
    case 'table':
      return <Rows columns={part.columns} rows={part.rows} label={label} />;
    case 'file':
      return <File name={part.name} rows={part.rows} pending={part.pending} deleted={part.deleted} />;
    case 'json':
      return <JsonView value={part.value} label={label} />;
  }
}

interface FileProps {
  name: string;
  rows: number | undefined;
  /** It can be seen when both sides have ended well. */
  pending: boolean;
  /** Its content was deleted. */
  deleted: boolean;
}

function File({ name, rows, pending, deleted }: FileProps) {
  const { t } = useTranslation('run');
  if (pending) return <span className="muted">{t('results.pending', { name })}</span>;
  if (deleted) return <span className="muted">{t('results.deleted', { name })}</span>;
  return (
    <Flex gap={12} align="center" wrap>
      <Button
        className="run-file"
        icon={<Icon of={DownloadOutlined} />}
        href={downloadAddress(name)}
        download
      >
        {name}
      </Button>
      {rows !== undefined && <span className="muted">{t('results.rows', { count: rows })}</span>}
      <Link to="/objects">{t('results.files')}</Link>
    </Flex>
  );
}

interface RowsProps {
  columns: readonly string[];
  rows: readonly (readonly unknown[])[];
  label: string;
}

function Rows({ columns, rows, label }: RowsProps) {
  const { t } = useTranslation('run');
  const words = useWords();
  const { number } = useNumbers();
  const show = (value: unknown) => {
    if (typeof value === 'number') return <span className="numbers">{number(value)}</span>;
    if (typeof value === 'boolean') return t(value ? 'yes' : 'no');
    return typeof value === 'string' ? value : value != null && JSON.stringify(value);
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
      aria-label={label}
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
        sorter: (one, other) => order(one[index], other[index]),
      }))}
    />
  );
}

function order(one: unknown, other: unknown): number {
  if (typeof one === 'number' && typeof other === 'number') return one - other;
  return String(one).localeCompare(String(other));
}
