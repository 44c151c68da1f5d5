import { Card, Flex } from 'antd';
import { useTranslation } from 'react-i18next';

import type { Instance } from '../../api/instances';
import { PageLink } from '../../app/PageLink';
import { Duration } from '../../components/Duration';
import { Empty } from '../../components/Empty';
import { StatusTag } from '../../components/StatusTag';
import { Time } from '../../components/Time';
import { RunLink } from './RunLink';

import './overview.css';

/** The runs that ended last, well or not: where results are. */
export function Latest({ runs }: { runs: Instance[] }) {
  const { t } = useTranslation('overview');
  return (
    <Card title={t('latest.title')} extra={<PageLink to="/runs">{t('running.all')}</PageLink>}>
      {runs.length === 0 ? (
        <Empty text={t('latest.empty')} />
      ) : (
        <ul className="plain-list">
          {runs.map((run) => (
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
      )}
    </Card>
  );
}
