import { Card } from 'antd';
import { useTranslation } from 'react-i18next';

import type { Instance } from '../../api/instances';
import { StatusTag } from '../../components/StatusTag';
import { Time } from '../../components/Time';
import { RunLink } from './RunLink';

import './overview.css';

/** The runs that failed or were lost last, with the reason. It is not there when none has. */
export function Failures({ runs }: { runs: Instance[] }) {
  const { t } = useTranslation('overview');
  if (runs.length === 0) return null;
  return (
    <Card title={t('failures.title')}>
      <ul className="plain-list">
        {runs.map((run) => (
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
