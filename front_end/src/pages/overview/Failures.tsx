import { Card } from 'antd';
import { useTranslation } from 'react-i18next';

import type { Instance } from '../../api/instances';
import { inLanguage } from '../../components/inLanguage';
import { StatusTag } from '../../components/StatusTag';
import { Time } from '../../components/Time';
import { useStopReason } from '../run/useReasonText';
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
            <Reason run={run} />
          </li>
        ))}
      </ul>
    </Card>
  );
}

function Reason({ run }: { run: Instance }) {
  const { t, i18n } = useTranslation('overview');
  const stopped = useStopReason(run);
  return (
    <div className="failure-reason">{saidOf(run, i18n.language) ?? stopped ?? t('failures.noReason')}</div>
  );
}

/** What an engine said of its failure: an engine's error is a text or has one in it. */
function saidOf({ failure, error, stop_cause }: Instance, language: string): string | undefined {
  // What ended it from outside has words of its own.
  if (stop_cause) return undefined;
  if (failure) return inLanguage(language, failure.message, failure.message_zh);
  if (typeof error === 'string') return error;
  if (typeof error === 'object' && error !== null) {
    for (const field of ['message', 'detail', 'reason']) {
      const text: unknown = (error as Record<string, unknown>)[field];
      if (typeof text === 'string') return text;
    }
    return JSON.stringify(error);
  }
  return undefined;
}
