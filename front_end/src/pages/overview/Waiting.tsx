import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Card, Col } from 'antd';
import { useTranslation } from 'react-i18next';

import { instancesQuery } from '../../api/instances';
import { partnersQuery } from '../../api/partners';
import { projectsQuery } from '../../api/projects';
import { outboxQuery, refusedCallsQuery } from '../../api/system';
import { useRights } from '../../app/rights';
import { PageLink } from '../../app/PageLink';

import './overview.css';

/** So many refusals are shown; their pages have all. */
const MOST_REFUSED = 3;

/** What waits for a decision of this operator. It is not there when nothing does. */
export function Waiting() {
  const { t } = useTranslation('overview');
  const rights = useRights();
  const projects = useInfiniteQuery({ ...projectsQuery(), enabled: rights.manageProjects });
  const partners = useInfiniteQuery({ ...partnersQuery(), enabled: rights.managePartners });

  const asked = useInfiniteQuery(instancesQuery({ status: 'awaiting_consent' }, 20));

  const requests = (asked.data?.pages ?? [])
    .flatMap((page) => page.items)
    .map((run) => ({
      key: run.id,
      to: `/runs/${run.id}`,
      text: t('waiting.consent', {
        partner: run.partner.name ?? t('partner'),
        task: run.task_name ?? run.id,
      }),
    }));
  const proposed = (projects.data?.pages ?? [])
    .flatMap((page) => page.items)
    .filter((project) => !project.owner_id && project.status !== 'archive')
    .map(({ id, partner_name }) => ({
      key: id,
      to: `/projects/${id}`,
      text: partner_name ? t('waiting.take', { partner: partner_name }) : t('waiting.takeUnknown'),
    }));
  const unconfirmed = (partners.data?.pages ?? [])
    .flatMap((page) => page.items)
    .filter(({ trust, fingerprint_confirmed_at }) => trust === 'paired' && !fingerprint_confirmed_at)
    .map(({ id, name }) => ({
      key: id,
      to: `/partners/${id}`,
      text: t('waiting.confirm', { partner: name }),
    }));

  const outbox = useInfiniteQuery({ ...outboxQuery({ state: 'refused' }), enabled: rights.system });
  const refused = (outbox.data?.pages[0]?.items ?? []).slice(0, MOST_REFUSED).map((message) => ({
    key: message.id,
    to: '/system',
    text: t('waiting.refused', {
      partner: message.partner_name ?? t('partner'),
      reason: message.last_error ?? '',
    }),
  }));
  const calls = useQuery({ ...refusedCallsQuery, enabled: rights.system }).data ?? [];
  const runs = calls
    .filter(({ partner_id, call }) => partner_id && call.endsWith('/task_instance/peer'))
    .slice(0, MOST_REFUSED)
    .map((call) => ({
      key: `${call.partner_id ?? ''} ${call.reason}`,
      to: `/partners/${call.partner_id ?? ''}`,
      text: t('waiting.refusedRun', { partner: call.caller ?? t('partner'), reason: call.reason }),
    }));
  const items = [...requests, ...proposed, ...unconfirmed, ...refused, ...runs];
  if (items.length === 0) return null;
  return (
    <Col span={24}>
      <Card title={t('waiting.title')}>
        <ul className="plain-list">
          {items.map(({ key, to, text }) => (
            <li key={key}>
              <PageLink to={to}>{text}</PageLink>
            </li>
          ))}
        </ul>
      </Card>
    </Col>
  );
}
