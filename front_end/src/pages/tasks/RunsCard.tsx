import { useInfiniteQuery } from '@tanstack/react-query';
import { Card, Flex } from 'antd';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';

import { type Instance, instancesQuery } from '../../api/instances';
import { Duration } from '../../components/Duration';
import { Empty } from '../../components/Empty';
import { Loading } from '../../components/Loading';
import { Problem } from '../../components/Problem';
import { RunProgress } from '../../components/RunProgress';
import { StatusTag } from '../../components/StatusTag';
import { Time } from '../../components/Time';
import { isActive } from '../../components/words';
import { CARDS, RUNS_SHOWN } from './cards';
import { type TaskView, useRoot, useRunBlock } from './useTaskPage';

/** The version's latest runs. */
export function RunsCard({ view }: { view: TaskView }) {
  const { t } = useTranslation('tasks');
  const { task } = view;
  const block = useRunBlock(view);
  const root = useRoot(view);
  const allRuns = `/runs?project=${task.project_id}${root ? `&task=${root.id}` : ''}`;
  const runs = useInfiniteQuery(instancesQuery({ task: task.id }, RUNS_SHOWN));
  const rows = runs.data?.pages[0]?.items ?? [];
  return (
    <Card
      id={CARDS.runs}
      tabIndex={-1}
      className="task-card"
      title={t('runs.title')}
      extra={rows.length > 0 && <Link to={allRuns}>{t('runs.all')}</Link>}
    >
      {runs.isPending && <Loading rows={3} />}
      {runs.isError && <Problem error={runs.error} onRetry={() => void runs.refetch()} />}
      {runs.isSuccess && rows.length === 0 && <Empty text={block ?? t('runs.empty')} />}
      {rows.length > 0 && (
        <ul className="task-list" aria-label={t('runs.title')}>
          {rows.map((run) => (
            <Run key={run.id} run={run} />
          ))}
        </ul>
      )}
    </Card>
  );
}

function Run({ run }: { run: Instance }) {
  const { t } = useTranslation('tasks');
  return (
    <li>
      <Flex justify="space-between" align="center" gap={8} wrap>
        <Link to={`/runs/${run.id}`}>
          <Time at={run.created_at} />
        </Link>
        <StatusTag status={run.status} warnings={run.warnings} />
      </Flex>
      {isActive(run.status) ? (
        <RunProgress run={run} />
      ) : (
        <Flex gap={8} wrap className="muted">
          {run.started_at && <Duration from={run.started_at} to={run.ended_at} />}
          {run.attempt > 1 && <span>{t('runs.attempt', { count: run.attempt })}</span>}
          {run.comment && <span className="task-breakable">{run.comment}</span>}
        </Flex>
      )}
    </li>
  );
}
