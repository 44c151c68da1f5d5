import { CheckOutlined, DiffOutlined, LeftOutlined, RightOutlined, WarningFilled } from '@ant-design/icons';
import { Tag } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

import { Icon } from './Icon';
import { diffJson, type DiffRow } from './jsonDiff';
import './compare.css';

interface Side {
  label: string;
  value: unknown;
}

interface Props {
  /** What is compared, for screen readers. */
  label: string;
  left: Side;
  right: Side;
  /** Top-level keys that must be equal where both sides have them: a difference there is a fault. */
  mustMatch?: readonly string[];
  /** Leaves out what is the same. */
  onlyChanges?: boolean;
}

/** Two JSON documents beside each other, value by value, with the differences marked by word, icon and colour. */
export function JsonCompare({ label, left, right, mustMatch = [], onlyChanges = false }: Props) {
  const { t } = useTranslation('components');
  const rows = diffJson(left.value, right.value);
  const shown = onlyChanges ? rows.filter(({ difference }) => difference !== 'same') : rows;
  if (shown.length === 0) {
    return (
      <p className="muted compare-none">
        {t(rows.length === 0 ? 'compare.nothing' : 'compare.noDifference')}
      </p>
    );
  }
  return (
    <div className="compare">
      <table aria-label={label}>
        <thead>
          <tr>
            <th scope="col">{t('compare.key')}</th>
            <th scope="col">{left.label}</th>
            <th scope="col">{right.label}</th>
            <th scope="col">
              <span className="visually-hidden">{t('compare.differs')}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {shown.map((row) => {
            const fault = isFault(row, mustMatch);
            return (
              <tr key={row.pointer} data-difference={fault ? 'fault' : row.difference}>
                <th scope="row">{row.label || '–'}</th>
                <Value row={row} side="left" label={left.label} />
                <Value row={row} side="right" label={right.label} />
                <td className="compare-mark">
                  <Mark row={row} fault={fault} />
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

function Value({ row, side, label }: { row: DiffRow; side: 'left' | 'right'; label: string }) {
  const { t } = useTranslation('components');
  const absent = row.difference === (side === 'left' ? 'onlyRight' : 'onlyLeft');
  return (
    <td data-label={label}>
      {absent ? (
        <span className="muted">{t('compare.absent')}</span>
      ) : (
        <code>{JSON.stringify(row[side], null, isLong(row[side]) ? 2 : 0)}</code>
      )}
    </td>
  );
}

function isLong(value: unknown): boolean {
  return typeof value === 'object' && value !== null && JSON.stringify(value).length > 60;
}

/** Whether a row is below a key that must be equal, and is not. */
function isFault({ difference, pointer }: DiffRow, mustMatch: readonly string[]): boolean {
  return difference === 'differs' && mustMatch.some((key) => `${pointer}/`.startsWith(`/${key}/`));
}

interface MarkProps {
  row: DiffRow;
  fault: boolean;
}

function Mark({ row: { difference }, fault }: MarkProps): ReactNode {
  const { t } = useTranslation('components');
  if (fault) {
    return (
      <Tag color="error" icon={<Icon of={WarningFilled} />}>
        {t('compare.mismatch')}
      </Tag>
    );
  }
  switch (difference) {
    case 'same':
      return (
        <span className="muted">
          <Icon of={CheckOutlined} /> {t('compare.same')}
        </span>
      );
    case 'differs':
      return (
        <Tag color="warning" icon={<Icon of={DiffOutlined} />}>
          {t('compare.differs')}
        </Tag>
      );
    case 'onlyLeft':
      return <Tag icon={<Icon of={LeftOutlined} />}>{t('compare.oneSide')}</Tag>;
    case 'onlyRight':
      return <Tag icon={<Icon of={RightOutlined} />}>{t('compare.oneSide')}</Tag>;
  }
}
