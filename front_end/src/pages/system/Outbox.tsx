import type { ColumnsType } from 'antd/es/table';
import { Flex } from 'antd';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';

import { type OutboxFilter, type OutboxMessage, outboxQuery } from '../../api/system';
import { PageLink } from '../../app/PageLink';
import { useRights } from '../../app/rights';
import { CursorTable } from '../../components/CursorTable';
import { Empty } from '../../components/Empty';
import { inLanguage } from '../../components/inLanguage';
import { Time } from '../../components/Time';
import { MessageActions } from './MessageActions';
import { MessageStateTag } from './MessageStateTag';
import { isSteerable, pageOf } from './messages';
import { useKindText } from './useKindText';
import './system.css';

/** Messages to partners: what became of each, why it does not arrive, and what can be done about it. */
export function Outbox({ filter }: { filter: OutboxFilter }) {
  const { t } = useTranslation(['system', 'common']);
  const { system } = useRights();
  const kindText = useKindText();
  const columns: ColumnsType<OutboxMessage> = [
    {
      title: t('outbox.what'),
      key: 'what',
      render: (_, row) => {
        const page = pageOf(row);
        const text = kindText(row.kind);
        return page ? <PageLink to={page}>{text}</PageLink> : text;
      },
    },
    {
      title: t('common:field.partner'),
      key: 'partner',
      hidden: filter.partner !== undefined,
      render: (_, row) => (
        <Link to={`/partners/${row.partner_id}`}>{row.partner_name ?? row.partner_id}</Link>
      ),
    },
    {
      title: t('common:field.state'),
      key: 'state',
      render: (_, row) => <MessageStateTag state={row.state} />,
    },
    { title: t('outbox.how'), key: 'how', render: (_, row) => <How message={row} /> },
    {
      title: t('outbox.queued'),
      key: 'queued',
      render: (_, { created_at }) => <Time at={created_at} />,
    },
    {
      title: t('common:field.actions'),
      key: 'actions',
      hidden: !system,
      render: (_, row) => isSteerable(row) && <MessageActions message={row} />,
    },
  ];
  return (
    <CursorTable<OutboxMessage>
      label={t('outbox.title')}
      query={outboxQuery(filter)}
      empty={<Empty text={t(filter.state === 'waiting' ? 'outbox.nothingWaits' : 'outbox.empty')} />}
      columns={columns}
    />
  );
}

/** How often it was tried, why that failed, and when it is tried next. */
function How({ message }: { message: OutboxMessage }) {
  const { t, i18n } = useTranslation('system');
  const { attempts, last_error, last_error_zh, next_attempt_at, state } = message;
  const waits = state === 'waiting';
  return (
    <Flex vertical className="message-how">
      {last_error && (
        <span className="message-error">{inLanguage(i18n.language, last_error, last_error_zh)}</span>
      )}
      <span className="muted">
        {attempts === 0 ? t('outbox.notTried') : t('outbox.attempts', { count: attempts })}
        {waits && attempts > 0 && (
          <>
            {' · '}
            {t('outbox.next')} <Time at={next_attempt_at} />
          </>
        )}
      </span>
    </Flex>
  );
}
