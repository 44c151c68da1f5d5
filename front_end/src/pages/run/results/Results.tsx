import { DownloadOutlined } from '@ant-design/icons';
import { useQuery } from '@tanstack/react-query';
import { Button, Flex, Table } from 'antd';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';

import { type Instance, type RunResult, resultsQuery } from '../../../api/instances';
import { downloadAddress } from '../../../api/objects';
import { JsonView } from '../../../components/JsonView';
import { Loaded } from '../../../components/Loaded';
import { isActive } from '../../../components/words';
import { Confusion } from './Confusion';
import { Figures } from './Figures';
import { type Part, partsOf } from './parts';
import { Roc } from './Roc';
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
          <Flex vertical gap={24}>
            {found.map((result) => (
              <Result key={result.name} result={result} />
            ))}
          </Flex>
        )
      }
    </Loaded>
  );
}

function Result({ result }: { result: RunResult }) {
  const words = useResultName();
  const parts = useMemo(() => partsOf(result), [result]);
  const [figures, others] = [parts.filter(isFigures), parts.filter((part) => !isFigures(part))];
  return (
    <section aria-label={words(result.name)}>
      <h3 className="run-result-name">{words(result.name)}</h3>
      <Flex vertical gap={16}>
        {figures.map(({ figures }) => (
          <Figures key={figures[0]?.name} figures={figures} />
        ))}
        <div className="run-charts">
          {others.map((part, index) => (
            <div key={`${part.kind} ${index}`} className={part.kind === 'table' ? 'run-wide' : undefined}>
              <PartView part={part} label={words(result.name)} />
            </div>
          ))}
        </div>
      </Flex>
    </section>
  );
}

function isFigures(part: Part) {
  return part.kind === 'figures';
}

function useResultName(): (name: string) => string {
  const { t } = useTranslation('run');
  return (name) =>
    name === 'evaluation' || name === 'join' || name === 'model' ? t(`result.${name}`) : name;
}

function PartView({ part, label }: { part: Part; label: string }) {
  switch (part.kind) {
    case 'figures':
      return <Figures figures={part.figures} />;
    case 'roc':
      return <Roc points={part.points} auc={part.auc} />;
    case 'confusion':
      return <Confusion classes={part.classes} counts={part.counts} />;
    case 'table':
      return <Rows columns={part.columns} rows={part.rows} label={label} />;
    case 'file':
      return <File name={part.name} />;
    case 'json':
      return <JsonView value={part.value} label={label} />;
  }
}

function File({ name }: { name: string }) {
  const { t } = useTranslation('run');
  return (
    <Flex gap={8} align="center" wrap>
      <span>{t('results.file')}</span>
      <Button icon={<DownloadOutlined />} href={downloadAddress(name)} download>
        {name}
      </Button>
      <Link to="/objects">{t('results.files')}</Link>
    </Flex>
  );
}

interface RowsProps {
  columns: readonly string[];
  rows: readonly Readonly<Record<string, unknown>>[];
  label: string;
}

function Rows({ columns, rows, label }: RowsProps) {
  const words = useWords();
  const { number } = useNumbers();
  const show = (value: unknown) => {
    if (typeof value === 'number') return <span className="numbers">{number(value)}</span>;
    return typeof value === 'string' ? value : JSON.stringify(value);
  };
  return (
    <Table
      aria-label={label}
      size="small"
      rowKey={(row) => rows.indexOf(row)}
      dataSource={rows}
      pagination={rows.length > 20 ? { pageSize: 20, showSizeChanger: false } : false}
      scroll={{ x: 'max-content' }}
      columns={columns.map((column) => ({
        key: column,
        title: words(column),
        render: (_: unknown, row: Readonly<Record<string, unknown>>) => show(row[column]),
        sorter: (one, other) => order(one[column], other[column]),
      }))}
    />
  );
}

function order(one: unknown, other: unknown): number {
  if (typeof one === 'number' && typeof other === 'number') return one - other;
  return String(one).localeCompare(String(other));
}
