import { Alert } from 'antd';
import { useTranslation } from 'react-i18next';

import type { Schema } from '../../api/client';
import { inLanguage } from '../inLanguage';

import './table.css';

/** The first rows of a table, and what is wrong behind them. */
export function TableRows({ table }: { table: Schema<'TablePreview'> }) {
  const { t, i18n } = useTranslation('components');
  const missing = new Set(table.missing.map(([row, column]) => `${row} ${column}`));
  const more = table.column_count - table.columns.length;
  return (
    <>
      {/* A part that scrolls must be reachable by keyboard. */}
      <div className="table-rows" tabIndex={0} role="region" aria-label={t('preview.rows')}>
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
