import { useQuery } from '@tanstack/react-query';
import { Alert, Button, Flex } from 'antd';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';

import { partnerQuery } from '../../api/partners';
import { outboxQuery, useRetryMessage } from '../../api/system';
import { useRights } from '../../app/rights';
import { inLanguage } from '../../components/inLanguage';
import { Problem } from '../../components/Problem';
import { Time } from '../../components/Time';
import { useAllRows } from '../../components/useAllRows';
import type { TaskView } from './useTaskPage';

interface Props {
  view: TaskView;
  /** What the message in the outbox is about. */
  subject: string;
}

/** The partner was asked and has not answered: how far the message is, and why it does not arrive. */
export function Delivery({ view: { project, partner }, subject }: Props) {
  const { t, i18n } = useTranslation('tasks');
  const { system } = useRights();
  const { partner_id } = project;
  const link = useQuery({ ...partnerQuery(partner_id ?? ''), enabled: Boolean(partner_id) }).data;
  return (
    <Alert
      type={link?.last_error ? 'warning' : 'info'}
      showIcon
      role="status"
      title={t('delivery.title', { partner })}
      description={
        <Flex vertical gap={8}>
          <span>{t('delivery.text', { partner })}</span>
          {link?.last_error && (
            <span>
              {t('delivery.lastError')}{' '}
              <q>{inLanguage(i18n.language, link.last_error, link.last_error_zh)}</q>
            </span>
          )}
          {link?.last_error && partner_id && (
            <Link to={`/partners/${partner_id}`}>{t('delivery.check', { partner })}</Link>
          )}
          {system && partner_id && <Message partner={partner_id} subject={subject} />}
        </Flex>
      }
    />
  );
}

/** For administrators: the message itself. */
function Message({ partner, subject }: { partner: string; subject: string }) {
  const { t } = useTranslation('tasks');
  const outbox = useAllRows(outboxQuery({ partner, state: 'waiting' }));
  const retry = useRetryMessage();
  const message = outbox.rows?.find(({ about }) => about === subject);
  if (!message || message.attempts === 0) return null;
  return (
    <Flex vertical gap={8}>
      <Flex gap={8} align="center" wrap>
        <span>
          {t('delivery.attempts', { count: message.attempts })} <Time at={message.next_attempt_at} />
        </span>
        <Button size="small" loading={retry.isPending} onClick={() => retry.mutate(message.id)}>
          {t('delivery.now')}
        </Button>
      </Flex>
      <Problem error={retry.error} />
    </Flex>
  );
}
