import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';

import type { Instance } from '../../api/instances';
import { Time } from '../../components/Time';

type Reason = NonNullable<Instance['held_up']>['reason'];

/** In one sentence, what holds a run up. */
export function HeldUpText({ run }: { run: Instance }) {
  const { t } = useTranslation('run');
  const reason = run.held_up?.reason;
  const partner = run.partner.name ?? t('partnerUnknown');
  return reason ? <>{t(`heldUp.title.${reason}`, { partner })}</> : null;
}

/** Since when it is held up, and what to do about it. */
export function HeldUpAdvice({ run, reason }: { run: Instance; reason: Reason }) {
  const { t } = useTranslation('run');
  const partner = run.partner.name ?? t('partnerUnknown');
  return (
    <>
      {t(`heldUp.advice.${reason}`, { partner })}{' '}
      {run.partner.id && <Link to={`/partners/${run.partner.id}`}>{t('away.check')}</Link>}
      {run.held_up && (
        <span className="muted">
          {' '}
          {t('heldUp.since')} <Time at={run.held_up.since} />
        </span>
      )}
    </>
  );
}
