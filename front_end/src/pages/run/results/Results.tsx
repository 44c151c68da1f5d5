import { DownloadOutlined } from '@ant-design/icons';
import { useQuery } from '@tanstack/react-query';
import { Button, Flex } from 'antd';
import { type ReactNode, useMemo } from 'react';
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
import { Rows } from './Rows';
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
          <PartView key={`${part.kind} ${index}`} part={part} label={name} alone={parts.length === 1} />
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

interface PartProps {
  part: Part;
  label: string;
  /** Whether there is nothing else of the result. */
  alone?: boolean;
}

function PartView({ part, label, alone = false }: PartProps) {
  const { t } = useTranslation('run');
  switch (part.kind) {
    case 'figures':
      return (
        <Titled title={part.title}>
          <Figures figures={part.figures} />
        </Titled>
      );
    case 'curve':
      return <Curve title={label} curve={part.curve} />;
    case 'confusion':
      return <Confusion title={label} classes={part.classes} counts={part.counts} />;
    case 'table':
      return (
        <Titled title={part.title}>
          <Rows columns={part.columns} rows={part.rows} label={part.title ?? label} />
        </Titled>
      );
    case 'file':
      return <File name={part.name} rows={part.rows} pending={part.pending} deleted={part.deleted} />;
    case 'json':
      return (
        <details open={alone}>
          <summary>{t('results.raw')}</summary>
          <JsonView value={part.value} label={label} />
        </details>
      );
  }
}

function Titled({ title, children }: { title: string | undefined; children: ReactNode }) {
  const words = useWords();
  return (
    <div>
      {title !== undefined && <h4 className="run-part-name">{words(title)}</h4>}
      {children}
    </div>
  );
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
      <Link to={`/objects/${encodeURIComponent(name)}`}>{t('results.look')}</Link>
    </Flex>
  );
}
