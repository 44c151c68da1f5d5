import { useInfiniteQuery } from '@tanstack/react-query';
import { Card, Flex } from 'antd';
import { useTranslation } from 'react-i18next';

import { type Instance, instancesQuery } from '../../api/instances';
import { Duration } from '../../components/Duration';
import { Empty } from '../../components/Empty';
import { Loaded } from '../../components/Loaded';
import { RunProgress } from '../../components/RunProgress';
import { StatusTag } from '../../components/StatusTag';
import { ACTIVE_STATES, isActive, WAITING_STATES } from '../../components/words';
import { HeldUpText } from '../run/HeldUp';
import { RunLink } from './RunLink';

import './overview.css';

/** A run that was asked for here and waits for the partner for longer than this is not news any more. */
const WAITS_FOR_DAYS = 14;

/** Whether it runs, or was asked for here and waits for the partner. */
function isUnderWay(run: Instance): boolean {
  if (isActive(run.status)) return true;
  return run.initiator && Date.now() - Date.parse(run.created_at) < WAITS_FOR_DAYS * 86_400_000;
}

/** What runs now or waits for the partner: both sides' state, and how far it is. */
export function Running() {
  const { t } = useTranslation('overview');
  const runs = useInfiniteQuery(
    instancesQuery({ status: [...ACTIVE_STATES, ...WAITING_STATES].join(',') }, 50),
  );
  return (
    <Card title={t('running.title')}>
      <Loaded query={runs} rows={3}>
        {({ pages }) => {
          const items = pages.flatMap((page) => page.items).filter(isUnderWay);
          if (items.length === 0) return <Empty text={t('running.empty')} />;
          return (
            <ul className="plain-list">
              {items.map((run) => (
                <li key={run.id}>
                  <RunRow run={run} />
                </li>
              ))}
            </ul>
          );
        }}
      </Loaded>
    </Card>
  );
}

function RunRow({ run }: { run: Instance }) {
  const { t } = useTranslation('overview');
  const { name, status } = run.partner;
  return (
    <div className="run-row">
      <RunLink run={run} />
      <Flex vertical gap={4}>
        <Flex gap={6} align="center">
          <span className="muted side">{t('us')}</span>
          <StatusTag status={run.status} warnings={run.warnings} />
        </Flex>
        {status && (
          <Flex gap={6} align="center">
            <span className="muted side">{name ?? t('partner')}</span>
            <StatusTag status={status} />
          </Flex>
        )}
      </Flex>
      <RunProgress run={run} />
      {run.held_up && (
        <span className="run-held-up">
          <HeldUpText run={run} />
        </span>
      )}
      <Duration from={run.started_at} to={run.ended_at} />
    </div>
  );
}
