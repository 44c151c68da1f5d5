import { useQuery } from '@tanstack/react-query';
import { Alert, Flex } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';

import type { Instance } from '../../api/instances';
import { partnerQuery } from '../../api/partners';
import { inLanguage } from '../../components/inLanguage';
import { JsonView } from '../../components/JsonView';
import { linkOf } from '../../components/LinkStatus';
import { isActive } from '../../components/words';
import { ConsentCard } from './ConsentCard';
import { failureOf } from './failure';
import { HeldUpAdvice, HeldUpText } from './HeldUp';
import { useStopReason } from './useReasonText';
import { type Help, whatHelps } from './whatHelps';
import { Warnings } from './Warnings';

/** Where the page says why a run ended. */
export const REASON_ID = 'run-why';

/** Why a run did not end well, or why it does not go on, and what to do about it. */
export function WhatNow({ run }: { run: Instance }) {
  const { t } = useTranslation('run');
  const partner = usePartnerName(run);
  return (
    <>
      {(isActive(run.status) || run.status === 'draft') && !run.held_up && <PartnerAway run={run} />}
      <Held run={run} />
      {/* It takes the focus when somebody asks for the reason. */}
      <div id={REASON_ID} tabIndex={-1} className="run-why">
        <Ended run={run} />
      </div>
      <Warnings run={run} />
      {run.partner.gone_at && (
        <Why type="info" title={t('gone.title', { partner })} advice={t('gone.advice')} />
      )}
    </>
  );
}

/** The other side's name for sentences. */
export function usePartnerName({ partner }: Pick<Instance, 'partner'>): string {
  const { t } = useTranslation('run');
  return partner.name ?? t('partnerUnknown');
}

function Ended({ run }: { run: Instance }) {
  const { t } = useTranslation('run');
  const reason = useStopReason(run);
  const partner = usePartnerName(run);
  switch (run.status) {
    case 'failed':
      return <Failed run={run} partner={partner} />;
    case 'lost':
      return (
        <Why
          type="error"
          title={t(run.stop_cause === 'partner_silent' ? 'lost.partner' : 'lost.job', { partner })}
          reason={reason}
          advice={t(run.stop_cause === 'partner_silent' ? 'lost.partnerAdvice' : 'lost.jobAdvice', {
            partner,
          })}
        />
      );
    case 'stopped':
      return (
        <Why
          type="warning"
          title={t(run.stop_cause === 'partner_stopped' ? 'stopped.partner' : 'stopped.here', { partner })}
          reason={reason}
          advice={t('stopped.advice')}
        />
      );
    case 'awaiting_consent':
      return <ConsentCard run={run} />;
    case 'ready':
      if (run.partner.status === 'awaiting_consent') {
        return (
          <Why type="info" title={t('consent.waiting', { partner })} advice={t('consent.waitingAdvice')} />
        );
      }
      return <Why type="info" title={t('ready.title')} advice={t('ready.advice')} />;
    default:
      return null;
  }
}

function Failed({ run, partner }: { run: Instance; partner: string }) {
  const { t, i18n } = useTranslation('run');
  const failure = failureOf(run, i18n.language);
  const reason = useStopReason(run);
  const help = whatHelps(run);
  if (run.stop_cause === 'partner_failed') {
    const advice: Partial<Record<Help, string>> = {
      start: t('failed.retryAdvice'),
      another: t('failed.anotherAdvice'),
      reason: t(run.partner.retryable === false ? 'failed.partnerAgainAdvice' : 'failed.partnerAdvice', {
        partner,
      }),
    };
    return (
      <Why type="error" title={t('failed.partner', { partner })} reason={reason} advice={advice[help]} />
    );
  }
  return (
    <Why
      type="error"
      title={t('failed.here')}
      reason={failure.message ?? reason}
      advice={t(failure.retryable ? 'failed.retryAdvice' : 'failed.changeAdvice')}
    >
      {failure.detail !== undefined && (
        <details>
          <summary>{t('failed.detail')}</summary>
          <JsonView value={failure.detail} label={t('failed.detail')} maxHeight={200} />
        </details>
      )}
    </Why>
  );
}

interface WhyProps {
  type: 'error' | 'warning' | 'info';
  title: ReactNode;
  /** In the words of the engine, the partner or the operator. */
  reason?: string | null | undefined;
  advice: ReactNode;
  children?: ReactNode;
}

function Why({ type, title, reason, advice, children }: WhyProps) {
  return (
    <Alert
      type={type}
      showIcon
      title={title}
      description={
        <Flex vertical gap={4}>
          {reason && <strong className="run-reason">{reason}</strong>}
          {advice && <span>{advice}</span>}
          {children}
        </Flex>
      }
    />
  );
}

function Held({ run }: { run: Instance }) {
  if (!run.held_up) return null;
  const { reason, detail } = run.held_up;
  return (
    <Why
      type="warning"
      title={<HeldUpText run={run} />}
      reason={detail}
      advice={<HeldUpAdvice run={run} reason={reason} />}
    />
  );
}

/** A run goes on by itself when the partner is back; until then the operator should know what it waits for. */
function PartnerAway({ run }: { run: Instance }) {
  const { t, i18n } = useTranslation('run');
  const name = usePartnerName(run);
  const { data: partner } = useQuery({
    ...partnerQuery(run.partner.id ?? ''),
    enabled: Boolean(run.partner.id),
  });
  if (!partner || !['down', 'waiting', 'off'].includes(linkOf(partner))) return null;
  return (
    <Why
      type="warning"
      title={t('away.title', { partner: name })}
      reason={inLanguage(i18n.language, partner.last_error, partner.last_error_zh)}
      advice={
        <>
          {t('away.advice', { partner: name })} <Link to={`/partners/${partner.id}`}>{t('away.check')}</Link>
        </>
      }
    />
  );
}
