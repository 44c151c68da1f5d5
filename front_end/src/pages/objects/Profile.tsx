import { CloseCircleFilled, SearchOutlined } from '@ant-design/icons';
import { Alert, Button, Flex, Input, Progress } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import type { Schema } from '../../api/client';
import { Icon } from '../../components/Icon';
import { inLanguage } from '../../components/inLanguage';
import { useNumbers } from '../../components/useNumbers';
import { ColumnCard } from './ColumnCard';

/** So many columns are shown at first, and so many more by each click. */
const SHOWN = 48;
/** With fewer columns nobody needs to search. */
const SEARCHED_FROM = 12;

/** What is in a table, or how far the reading is. */
export function Profile({ profile }: { profile: Schema<'TableProfile'> }) {
  const { t, i18n } = useTranslation('objects');
  const { found, state, failure, failure_zh } = profile;
  if (state === 'waiting') return <Waiting profile={profile} />;
  if (!found) {
    return (
      <Alert
        type="warning"
        showIcon
        title={t('profile.failed')}
        description={inLanguage(i18n.language, failure, failure_zh)}
      />
    );
  }
  return (
    <Flex vertical gap={16}>
      <Summary found={found} />
      <Unreadable found={found} />
      <Columns found={found} />
    </Flex>
  );
}

function Waiting({ profile: { bytes_read, size, rows_read } }: { profile: Schema<'TableProfile'> }) {
  const { t } = useTranslation('objects');
  const { number } = useNumbers();
  const percent = size > 0 ? Math.floor((100 * bytes_read) / size) : 0;
  return (
    <div role="status">
      <div>{t('profile.waiting')}</div>
      <Progress percent={percent} status="active" aria-label={t('profile.waiting')} />
      <div className="muted">
        {t('profile.progress', { percent, count: rows_read, formatted: number(rows_read) })}
      </div>
    </div>
  );
}

type Found = Schema<'FoundTable'>;

function Summary({ found: { rows, columns, columns_left_out } }: { found: Found }) {
  const { t } = useTranslation('objects');
  const { number } = useNumbers();
  const count = columns.length + columns_left_out;
  return (
    <div>
      {t('profile.rows', { count: rows, formatted: number(rows) })}
      {' · '}
      {t('profile.columns', { count, formatted: number(count) })}
    </div>
  );
}

function Unreadable({ found: { unreadable, first_unreadable } }: { found: Found }) {
  const { t, i18n } = useTranslation('objects');
  const { number } = useNumbers();
  if (unreadable === 0) return null;
  const shown = first_unreadable.length;
  return (
    <Alert
      type="warning"
      showIcon
      title={t('profile.unreadable', { count: unreadable, formatted: number(unreadable) })}
      description={
        <>
          <ul className="plain-list">
            {first_unreadable.map(({ line, reason, reason_zh }) => (
              <li key={line}>{inLanguage(i18n.language, reason, reason_zh)}</li>
            ))}
          </ul>
          {shown < unreadable && <div className="muted">{t('profile.firstOnly', { count: shown })}</div>}
        </>
      }
    />
  );
}

function Columns({ found: { columns, rows, columns_left_out } }: { found: Found }) {
  const { t } = useTranslation(['objects', 'common']);
  const [words, setWords] = useState('');
  const [most, setMost] = useState(SHOWN);
  const wanted = words.trim().toLowerCase();
  const fitting = columns
    .map((column, place) => ({ column, place }))
    .filter(({ column }) => column.name.toLowerCase().includes(wanted));
  return (
    <>
      {columns.length >= SEARCHED_FROM && (
        <Input
          className="profile-search"
          prefix={<Icon of={SearchOutlined} />}
          allowClear={{ clearIcon: <Icon of={CloseCircleFilled} aria-label={t('profile.clearFilter')} /> }}
          aria-label={t('profile.filter')}
          placeholder={t('profile.filter')}
          value={words}
          onChange={(event) => setWords(event.target.value)}
        />
      )}
      {fitting.length === 0 && <div className="muted">{t('profile.noneFound')}</div>}
      <div className="profile-columns">
        {fitting.slice(0, most).map(({ column, place }) => (
          <ColumnCard key={place} column={column} rows={rows} />
        ))}
      </div>
      {fitting.length > most && (
        <Button onClick={() => setMost(most + SHOWN)}>{t('common:action.loadMore')}</Button>
      )}
      {columns_left_out > 0 && (
        <div className="muted">{t('profile.leftOut', { count: columns_left_out })}</div>
      )}
    </>
  );
}
