import { CloseOutlined } from '@ant-design/icons';
import { Button, Checkbox, Flex, Tag } from 'antd';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';

import { lineColour } from '../../components/chart/palette';
import { Icon } from '../../components/Icon';
import { Section } from '../../components/Section';
import { StatusTag } from '../../components/StatusTag';
import { useAppearance } from '../../app/appearanceContext';
import type { ComparedRow } from './compare';
import { CompareValue } from './CompareValue';
import type { ComparedRun } from './useCompared';
import { useLabels } from './useLabels';
import { type RowGroup, useRowGroups } from './useRowGroups';

interface Props {
  runs: readonly ComparedRun[];
  onlyDifferent: boolean;
  onOnlyDifferent: (only: boolean) => void;
  onRemove: (id: string) => void;
}

/** A column for each run; rows that differ are marked. */
export function CompareTable({ runs, onlyDifferent, onOnlyDifferent, onRemove }: Props) {
  const { t } = useTranslation('runs');
  const groups = useRowGroups(runs);
  return (
    <Section
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
          {groups.map((group) => (
            <Rows key={group.title} group={group} columns={runs.length} onlyDifferent={onlyDifferent} />
          ))}
        </table>
      </div>
    </Section>
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
                <StatusTag status={run.status} warnings={run.warnings} />
              </Flex>
              <Button
                type="text"
                size="small"
                icon={<Icon of={CloseOutlined} />}
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
  group: RowGroup;
  columns: number;
  onlyDifferent: boolean;
}

function Rows({ group, columns, onlyDifferent }: RowsProps) {
  const { t } = useTranslation('runs');
  const rows = useMemo(
    () => (onlyDifferent ? group.rows.filter(({ differs }) => differs) : group.rows),
    [group, onlyDifferent],
  );
  return (
    <tbody>
      <tr className="runs-table-section">
        <th scope="rowgroup" colSpan={columns + 1}>
          {group.title}
        </th>
      </tr>
      {rows.length === 0 && (
        <tr>
          <td colSpan={columns + 1} className="muted">
            {group.rows.length === 0 ? group.none : t('compare.allSame')}
          </td>
        </tr>
      )}
      {rows.map((row) => (
        <Row key={row.path.join('/')} row={row} group={group} />
      ))}
    </tbody>
  );
}

function Row({ row: { path, values, differs, best }, group }: { row: ComparedRow; group: RowGroup }) {
  const { t } = useTranslation('runs');
  const mark = differs && group.marks;
  return (
    <tr className={mark ? 'runs-table-differs' : undefined}>
      <th scope="row">
        {path.join(' › ')} {mark && <Tag color="warning">{t('compare.differs')}</Tag>}
      </th>
      {values.map((value, index) => (
        // The columns are the runs, in their order.
        <td key={index}>
          <CompareValue value={value} />
          {best?.includes(index) && (
            <Tag color="success" className="runs-best">
              {t('compare.best')}
            </Tag>
          )}
        </td>
      ))}
    </tr>
  );
}
