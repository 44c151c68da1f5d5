import { useInfiniteQuery } from '@tanstack/react-query';
import { Card, Flex } from 'antd';
import { useTranslation } from 'react-i18next';

import { instancesQuery } from '../../api/instances';
import { PageLink } from '../../app/PageLink';
import { Duration } from '../../components/Duration';
import { Empty } from '../../components/Empty';
import { Loaded } from '../../components/Loaded';
import { StatusTag } from '../../components/StatusTag';
import { Time } from '../../components/Time';
import { RunLink } from './RunLink';

import './overview.css';

const ENDED = ['succeeded', 'stopped', 'failed', 'lost'];

/** The runs that ended last, well or not: where results are. */
export function Latest() {
  const { t } = useTranslation('overview');
  const runs = useInfiniteQuery(instancesQuery({ status: ENDED.join(',') }, 5));
  return (
    <Card title={t('latest.title')} extra={<PageLink to="/runs">{t('running.all')}</PageLink>}>
      <Loaded query={runs} rows={3}>
        {({ pages }) => {
          const items = pages[0]?.items ?? [];
          if (items.length === 0) return <Empty text={t('latest.empty')} />;
          return (
            <ul className="plain-list">
              {items.map((run) => (
                <li key={run.id} className="latest-row">
                  <RunLink run={run} />
                  <Flex gap={12} align="center" className="muted">
                    <StatusTag status={run.status} warnings={run.warnings} />
                    <Duration from={run.started_at} to={run.ended_at} />
                    <Time at={run.ended_at ?? run.modified_at} />
                  </Flex>
                </li>
              ))}
            </ul>
          );
        }}
      </Loaded>
    </Card>
  );
}
