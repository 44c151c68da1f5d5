import { Flex, type TableProps } from 'antd';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';

import { type Instance, instancesQuery } from '../../api/instances';
import { CursorTable } from '../../components/CursorTable';
import { Duration } from '../../components/Duration';
import { Empty } from '../../components/Empty';
import { PageHeader } from '../../components/PageHeader';
import { RunProgress } from '../../components/RunProgress';
import { StatusTag } from '../../components/StatusTag';
import { Time } from '../../components/Time';
import { taskVersionText } from '../../components/versionText';
import { isActive } from '../../components/words';
import { useNumbers } from '../../components/useNumbers';
import { useWords } from '../run/results/useWords';
import { useRunName } from '../run/useRunName';
import { useStarter } from '../run/useStarter';
import { TaskTypeTag } from '../../components/TaskTypeTag';
import { CompareBar } from './CompareBar';
import { RunFilters } from './RunFilters';
import './runs.css';
import { MOST_COMPARED, toQuery, useRunFilter } from './useRunFilter';

/** All runs, newest first. Two to eight of them can be compared. */
export default function RunsPage() {
  const { t } = useTranslation('runs');
  const { filter, picked: linked, change } = useRunFilter();
  const columns = useColumns();
  const name = useRunName();
  const filtered = Object.values(toQuery(filter)).length > 0;
  const [picked, setPicked] = useState(linked);
  // The address follows, for who loads the page again; it is too slow for who picks fast.
  const pick = (ids: readonly string[]) => {
    setPicked(ids);
    change({ pick: ids.join(',') });
  };
  return (
    <>
      <PageHeader title={t('title')} subtitle={t('subtitle')} />
      <Flex vertical gap={16}>
        <RunFilters filter={filter} onChange={change} filtered={filtered} />
        <CompareBar picked={picked} onPick={pick} />
        <CursorTable
          label={t('title')}
          query={instancesQuery(toQuery(filter))}
          columns={columns}
          rowSelection={{
            selectedRowKeys: [...picked],
            preserveSelectedRowKeys: true,
            hideSelectAll: true,
            onChange: (ids) => pick(ids.map(String)),
            getCheckboxProps: (run) => ({
              disabled: picked.length >= MOST_COMPARED && !picked.includes(run.id),
              'aria-label': t('pick', { run: name(run) }),
            }),
          }}
          empty={
            filtered ? (
              <Empty text={t('noneFound')} />
            ) : (
              <Empty text={t('none')}>
                <Link to="/projects">{t('toProjects')}</Link>
              </Empty>
            )
          }
        />
      </Flex>
    </>
  );
}

function useColumns(): NonNullable<TableProps<Instance>['columns']> {
  const { t } = useTranslation(['runs', 'common']);
  const name = useRunName();
  const starter = useStarter();
  const words = useWords();
  const { number } = useNumbers();
  return useMemo(
    () => [
      {
        key: 'run',
        title: t('column.run'),
        render: (_, run) => (
          <>
            <Link to={`/runs/${run.id}`}>{name(run)}</Link>
            <div className="muted">
              {run.task_type && <TaskTypeTag type={run.task_type} />} {taskVersionText(run)}
              {run.attempt > 1 && <span> · {t('attempt', { number: run.attempt })}</span>}
            </div>
            {run.comment && <div className="runs-comment">{run.comment}</div>}
          </>
        ),
      },
      {
        key: 'ours',
        title: t('column.ours'),
        render: (_, run) => <StatusTag status={run.status} warnings={run.warnings} />,
      },
      {
        key: 'theirs',
        title: t('column.theirs'),
        render: (_, { partner }) => (
          <>
            {partner.status ? <StatusTag status={partner.status} /> : t('common:none')}
            <div className="muted">{partner.name}</div>
          </>
        ),
      },
      {
        key: 'project',
        title: t('common:field.project'),
        render: (_, { project_id, project_name }) =>
          project_id && <Link to={`/projects/${project_id}`}>{project_name ?? t('common:unnamed')}</Link>,
      },
      {
        key: 'figure',
        title: t('column.figure'),
        render: (_, { main_figure }) =>
          main_figure && (
            <>
              <span className="numbers">{number(main_figure.value)}</span>
              <div className="muted">{words(main_figure.name)}</div>
            </>
          ),
      },
      { key: 'progress', title: t('column.progress'), width: 200, render: (_, run) => <HowFar run={run} /> },
      {
        key: 'created',
        title: t('common:field.created'),
        render: (_, run) => (
          <>
            <Time at={run.created_at} />
            <div className="muted">{starter(run)}</div>
          </>
        ),
      },
    ],
    [t, name, starter, words, number],
  );
}

/** The bar while it goes on, and how long it took afterwards. */
function HowFar({ run }: { run: Instance }) {
  if (isActive(run.status)) return <RunProgress run={run} />;
  return <Duration from={run.started_at} to={run.ended_at ?? run.modified_at} />;
}
