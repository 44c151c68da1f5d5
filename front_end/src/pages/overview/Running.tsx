import { useInfiniteQuery } from '@tanstack/react-query';
import { Card, Flex } from 'antd';
import { useTranslation } from 'react-i18next';

import { type Instance, instancesQuery } from '../../api/instances';
import { Duration } from '../../components/Duration';
import { Empty } from '../../components/Empty';
import { Loaded } from '../../components/Loaded';
import { Progress } from '../../components/Progress';
import { StatusTag } from '../../components/StatusTag';
import { ACTIVE_STATES } from '../../components/words';
import { RunLink } from './RunLink';

import './overview.css';

/** What runs now: both sides' state, and how far it is. */
export function Running() {
  const { t } = useTranslation('overview');
  const runs = useInfiniteQuery(instancesQuery({ status: ACTIVE_STATES.join(',') }, 20));
  return (
    <Card title={t('running.title')}>
      <Loaded query={runs} rows={3}>
        {({ pages }) => {
          const items = pages.flatMap((page) => page.items);
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
      <Progress
        value={run.progress}
        text={run.progress_text}
        textZh={run.progress_text_zh}
        status={run.status}
      />
      <Duration from={run.started_at} to={run.ended_at} />
    </div>
  );
}
