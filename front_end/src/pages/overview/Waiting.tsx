import { Card, Col } from 'antd';
import { useTranslation } from 'react-i18next';

import type { Schema } from '../../api/client';
import type { Overview } from '../../api/overview';
import { PageLink } from '../../app/PageLink';
import { inLanguage } from '../../components/inLanguage';
import { LimitFacts, useLimitText } from '../../components/LimitText';
import { pageOf } from '../system/messages';

import './overview.css';

interface Item {
  key: string;
  to: string;
  text: string;
  limit?: Schema<'ReachedLimit'>;
}

/** What waits for a decision of this operator. It is not there when nothing does. */
export function Waiting({ attention }: { attention: Overview['attention'] }) {
  const { t } = useTranslation('overview');
  const items = useItems(attention);
  if (items.length === 0) return null;
  return (
    <Col span={24}>
      <Card title={t('waiting.title')}>
        <ul className="plain-list">
          {items.map(({ key, to, text, limit }) => (
            <li key={key}>
              <PageLink to={to}>{text}</PageLink> {limit && <LimitFacts reached={limit} />}
            </li>
          ))}
        </ul>
      </Card>
    </Col>
  );
}

function useItems({ runs, projects, partners, messages, calls, limits }: Overview['attention']): Item[] {
  const { t, i18n } = useTranslation('overview');
  const limitText = useLimitText();
  const somebody = t('partner');
  return [
    ...runs.map(({ id, partner, task_name }) => ({
      key: id,
      to: `/runs/${id}`,
      text: t('waiting.consent', { partner: partner.name ?? somebody, task: task_name ?? id }),
    })),
    ...projects.map(({ id, partner_name }) => ({
      key: id,
      to: `/projects/${id}`,
      text: partner_name ? t('waiting.take', { partner: partner_name }) : t('waiting.takeUnknown'),
    })),
    ...partners.map(({ id, name }) => ({
      key: id,
      to: `/partners/${id}`,
      text: t('waiting.confirm', { partner: name }),
    })),
    ...messages.map((message) => ({
      key: message.id,
      to: pageOf(message) ?? '/system',
      text: t('waiting.refused', {
        partner: message.partner_name ?? somebody,
        reason: inLanguage(i18n.language, message.last_error, message.last_error_zh) ?? '',
      }),
    })),
    ...calls.map(({ partner_id, caller, reason, reason_zh }) => ({
      key: `${partner_id ?? ''} ${reason}`,
      to: `/partners/${partner_id ?? ''}`,
      text: t('waiting.refusedRun', {
        partner: caller ?? somebody,
        reason: inLanguage(i18n.language, reason, reason_zh),
      }),
    })),
    ...limits.map((limit) => ({
      key: `${limit.code} ${limit.partner?.id ?? limit.user?.id ?? ''}`,
      to: limit.partner ? `/partners/${limit.partner.id}` : '/objects',
      text: limitText(limit),
      limit,
    })),
  ];
}
