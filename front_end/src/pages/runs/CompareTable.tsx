import { CloseOutlined } from '@ant-design/icons';
import { Button, Card, Checkbox, Flex, Tag } from 'antd';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';

import { lineColour } from '../../components/chart/palette';
import { StatusTag } from '../../components/StatusTag';
import { useAppearance } from '../../app/appearanceContext';
import type { ComparedRow } from './compare';
import { CompareValue } from './CompareValue';
import type { ComparedRun } from './useCompared';
import { useLabels } from './useLabels';
import { type Section, useSections } from './useSections';

interface Props {
  runs: readonly ComparedRun[];
  onlyDifferent: boolean;
  onOnlyDifferent: (only: boolean) => void;
  onRemove: (id: string) => void;
}

/** A column for each run; rows that differ are marked. */
export function CompareTable({ runs, onlyDifferent, onOnlyDifferent, onRemove }: Props) {
  const { t } = useTranslation('runs');
  const sections = useSections(runs);
  return (
    <Card
      title={t('compare.sideBySide')}
      extra={
        <Checkbox checked={onlyDifferent} onChange={(event) => onOnlyDifferent(event.target.checked)}>
          {t('compare.onlyDifferent')}
        </Checkbox>
      }
    >
      {/* A part that scrolls must be reachable by keyboard. */}
      <div className="runs-table-scroll" role="region" aria-label={t('compare.sideBySide')} tabIndex={0}>
        <table className="runs-table">
          <Heads runs={runs} onRemove={onRemove} />
          {sections.map((section) => (
            <Rows key={section.title} section={section} columns={runs.length} onlyDifferent={onlyDifferent} />
          ))}
        </table>
      </div>
    </Card>
  );
}

function Heads({ runs, onRemove }: Pick<Props, 'runs' | 'onRemove'>) {
  const { t } = useTranslation('runs');
  const { scheme } = useAppearance();
  const labels = useLabels(runs);
  return (
    <thead>
      <tr>
        <td />
        {runs.map(({ run }, index) => (
          <th key={run.id} scope="col">
            <Flex justify="space-between" align="start" gap={4}>
              <Flex vertical gap={4} align="start">
                <span className="runs-table-colour" style={{ background: lineColour(index, scheme) }} />
                <Link to={`/runs/${run.id}`}>{labels[index]}</Link>
                <StatusTag status={run.status} />
              </Flex>
              <Button
                type="text"
                size="small"
                icon={<CloseOutlined />}
                aria-label={t('compare.remove', { run: labels[index] })}
                onClick={() => onRemove(run.id)}
              />
            </Flex>
          </th>
        ))}
      </tr>
    </thead>
  );
}

interface RowsProps {
  section: Section;
  columns: number;
  onlyDifferent: boolean;
}

function Rows({ section, columns, onlyDifferent }: RowsProps) {
  const { t } = useTranslation('runs');
  const rows = useMemo(
    () => (onlyDifferent ? section.rows.filter(({ differs }) => differs) : section.rows),
    [section, onlyDifferent],
  );
  return (
    <tbody>
      <tr className="runs-table-section">
        <th scope="rowgroup" colSpan={columns + 1}>
          {section.title}
        </th>
      </tr>
      {rows.length === 0 && (
        <tr>
          <td colSpan={columns + 1} className="muted">
            {section.rows.length === 0 ? section.none : t('compare.allSame')}
          </td>
        </tr>
      )}
      {rows.map((row) => (
        <Row key={row.path.join('/')} row={row} section={section} />
      ))}
    </tbody>
  );
}

function Row({ row: { path, values, differs }, section }: { row: ComparedRow; section: Section }) {
  const { t } = useTranslation('runs');
  const mark = differs && section.marks;
  return (
    <tr className={mark ? 'runs-table-differs' : undefined}>
      <th scope="row">
        {path.join(' › ')} {mark && <Tag color="warning">{t('compare.differs')}</Tag>}
      </th>
      {values.map((value, index) => (
        // The columns are the runs, in their order.
        <td key={index}>
          <CompareValue value={value} />
        </td>
      ))}
    </tr>
  );
}
