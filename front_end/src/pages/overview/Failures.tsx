import { useInfiniteQuery } from '@tanstack/react-query';
import { Card } from 'antd';
import { useTranslation } from 'react-i18next';

import { type Instance, instancesQuery } from '../../api/instances';
import { Empty } from '../../components/Empty';
import { Loaded } from '../../components/Loaded';
import { StatusTag } from '../../components/StatusTag';
import { Time } from '../../components/Time';
import { BAD_STATES } from '../../components/words';
import { RunLink } from './RunLink';

import './overview.css';

/** The runs that failed or were lost last, with the reason. */
export function Failures() {
  const { t } = useTranslation('overview');
  const runs = useInfiniteQuery(instancesQuery({ status: BAD_STATES.join(',') }, 5));
  return (
    <Card title={t('failures.title')}>
      <Loaded query={runs} rows={2}>
        {({ pages }) => {
          const items = pages[0]?.items ?? [];
          if (items.length === 0) return <Empty text={t('failures.empty')} />;
          return (
            <ul className="plain-list">
              {items.map((run) => (
                <li key={run.id} className="failure-row">
                  <RunLink run={run} />
                  <StatusTag status={run.status} warnings={run.warnings} />
                  <span className="muted">
                    <Time at={run.ended_at ?? run.modified_at} />
                  </span>
                  <div className="failure-reason">{reasonOf(run) ?? t('failures.noReason')}</div>
                </li>
              ))}
            </ul>
          );
        }}
      </Loaded>
    </Card>
  );
}

/** Why a run failed: an engine's error is a text or has one in it. */
function reasonOf({ error, stop_reason }: Instance): string | undefined {
  if (typeof error === 'string') return error;
  if (typeof error === 'object' && error !== null) {
    for (const field of ['message', 'detail', 'reason']) {
      const text: unknown = (error as Record<string, unknown>)[field];
      if (typeof text === 'string') return text;
    }
    return JSON.stringify(error);
  }
  return stop_reason ?? undefined;
}
