import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';

import type { Instance } from '../../api/instances';
import { Time } from '../../components/Time';
import { isOneOf } from '../../components/words';

/** What can hold a run up, in the words of the API. */
const REASONS = [
  'message_too_large',
  'partner_store_full',
  'store_full',
  'partner_unreachable',
  'partner_slow',
  'partner_refuses',
  'partner_behind',
] as const;

type Reason = (typeof REASONS)[number];

/** What holds a run up, by its code; undefined when nothing does. */
export function heldUpOf({ held_up }: Pick<Instance, 'held_up'>): Reason | undefined {
  return held_up && isOneOf(REASONS, held_up.reason) ? held_up.reason : undefined;
}

/** In one sentence, what holds a run up. */
export function HeldUpText({ run }: { run: Instance }) {
  const { t } = useTranslation('run');
  const reason = heldUpOf(run);
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
