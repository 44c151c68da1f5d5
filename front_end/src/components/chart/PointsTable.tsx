import { Table } from 'antd';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';

import type { LineChartSpec } from './types';

interface Props {
  spec: LineChartSpec;
  label: string;
  height: number;
  format: (value: number) => string;
}

interface Row {
  x: number;
  values: Record<string, number>;
}

/** The points of a chart as a table: to read exactly, to copy, and for screen readers. */
export function PointsTable({ spec, label, height, format }: Props) {
  const { t } = useTranslation();
  const rows = useMemo(() => tableRows(spec), [spec]);
  const lines = spec.lines.filter(({ reference }) => !reference);
  return (
    <Table<Row>
      aria-label={label}
      size="small"
      rowKey="x"
      dataSource={rows}
      pagination={false}
      virtual
      scroll={{ y: height - 40, x: 90 + lines.length * 110 }}
      columns={[
        { title: spec.xName, dataIndex: 'x', width: 90, render: (x: number) => format(x) },
        ...lines.map(({ name }) => ({
          key: name,
          title: name,
          width: 110,
          render: (_: unknown, { values }: Row) => {
            const value = values[name];
            return <span className="numbers">{value === undefined ? t('none') : format(value)}</span>;
          },
        })),
      ]}
    />
  );
}

function tableRows({ lines }: LineChartSpec): Row[] {
  const rows = new Map<number, Row>();
  for (const { name, points, reference } of lines) {
    if (reference) continue;
    for (const [x, y] of points) {
      const row = rows.get(x) ?? { x, values: {} };
      row.values[name] = y;
      rows.set(x, row);
    }
  }
  return [...rows.values()].sort((one, other) => one.x - other.x);
}
