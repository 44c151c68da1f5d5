import { useQuery } from '@tanstack/react-query';
import { Flex } from 'antd';
import { useTranslation } from 'react-i18next';
import { Link, useParams } from 'react-router';

import { type Instance, instanceQuery } from '../../api/instances';
import { metricsQuery } from '../../api/metrics';
import { PageHeader } from '../../components/PageHeader';
import { Loaded } from '../../components/Loaded';
import { Section } from '../../components/Section';
import { StatusTag } from '../../components/StatusTag';
import { taskVersionText } from '../../components/versionText';
import { AttemptSelect } from './AttemptSelect';
import { Comment } from './Comment';
import { LogPanel } from './log/LogPanel';
import { hasBegun } from './hasBegun';
import { MetricCharts } from './MetricCharts';
import { Results } from './results/Results';
import './run.css';
import { RunActions } from './RunActions';
import { Sides } from './Sides';
import { useAttempt } from './useAttempt';
import { useRunName } from './useRunName';
import { WhatNow } from './WhatNow';

/** One run: both sides on one time line, how far it is, its curves, results and log, and what can be done with it. */
export default function RunPage() {
  const { id = '' } = useParams();
  const query = useQuery(instanceQuery(id));
  const { t } = useTranslation(['run', 'common']);
  return (
    <>
      {!query.data && <PageHeader title={t('title')} trail={[{ title: t('runs'), to: '/runs' }]} />}
      <Loaded query={query} rows={10}>
        {(run) => <Run key={run.id} run={run} />}
      </Loaded>
    </>
  );
}

function Run({ run }: { run: Instance }) {
  const { t } = useTranslation(['run', 'common']);
  const name = useRunName();
  const { attempt } = useAttempt(run);
  // What came out is what one looks for; how it came about is then below.
  const ended = run.status === 'succeeded';
  const begun = hasBegun(run);
  return (
    <>
      <PageHeader
        title={name(run)}
        trail={[{ title: t('runs'), to: '/runs' }]}
        tags={<StatusTag status={run.status} warnings={run.warnings} />}
        subtitle={<Where run={run} />}
        actions={<RunActions run={run} />}
      />
      <Flex vertical gap={16}>
        <WhatNow run={run} />
        {!ended && <SidesSection run={run} attempt={attempt} />}
        {begun && (
          <>
            <Section title={t('results.title')}>
              <Results run={run} attempt={attempt} />
            </Section>
            <Metrics run={run} attempt={attempt} />
          </>
        )}
        {ended && <SidesSection run={run} attempt={attempt} />}
        {begun && <LogPanel key={attempt} run={run} attempt={attempt} />}
      </Flex>
    </>
  );
}

/** The curves; nothing for what ended well without any, such as a join. */
function Metrics({ run, attempt }: { run: Instance; attempt: number }) {
  const { t } = useTranslation('run');
  const metrics = useQuery(metricsQuery(run.id, attempt));
  if (run.status === 'succeeded' && metrics.data?.length === 0) return null;
  return (
    <Section title={t('metrics.title')}>
      <MetricCharts run={run} attempt={attempt} />
    </Section>
  );
}

function SidesSection({ run, attempt }: { run: Instance; attempt: number }) {
  const { t } = useTranslation('run');
  return (
    <Section title={t('sides.title')} extra={<AttemptSelect run={run} />}>
      <Sides run={run} attempt={attempt} />
    </Section>
  );
}

function Where({ run }: { run: Instance }) {
  const { t } = useTranslation(['run', 'common']);
  return (
    <Flex vertical gap={2}>
      <Flex gap="4px 16px" wrap className="run-where">
        <span>
          {t('version')} <Link to={`/tasks/${run.task_id}`}>{taskVersionText(run) || run.task_id}</Link>
        </span>
        {run.project_id && (
          <span>
            {t('common:field.project')}{' '}
            <Link to={`/projects/${run.project_id}`}>{run.project_name ?? t('common:unnamed')}</Link>
          </span>
        )}
        {run.engine && (
          <span>
            {t('engine')} {run.engine}
          </span>
        )}
      </Flex>
      <Comment run={run} />
    </Flex>
  );
}
