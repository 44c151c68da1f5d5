import { Card, Flex } from 'antd';
import { useTranslation } from 'react-i18next';

import type { Instance } from '../../api/instances';
import { Duration } from '../../components/Duration';
import { Empty } from '../../components/Empty';
import { RunProgress } from '../../components/RunProgress';
import { StatusTag } from '../../components/StatusTag';
import { HeldUpText } from '../run/HeldUp';
import { RunLink } from './RunLink';

import './overview.css';

/** What runs now or waits for the partner: both sides' state, and how far it is. */
export function Running({ runs }: { runs: Instance[] }) {
  const { t } = useTranslation('overview');
  return (
    <Card title={t('running.title')}>
      {runs.length === 0 ? (
        <Empty text={t('running.empty')} />
      ) : (
        <ul className="plain-list">
          {runs.map((run) => (
            <li key={run.id}>
              <RunRow run={run} />
            </li>
          ))}
        </ul>
      )}
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
