import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';

import type { Instance } from '../../api/instances';
import { inLanguage } from '../../components/inLanguage';
import { isOneOf } from '../../components/words';

const CODES = [
  'both_know',
  'partner_failed',
  'partner_lost',
  'partner_stopped',
  'partner_refused',
  'partner_refused_start',
  'partner_cannot_start',
  'partner_unknowing',
  'partner_deleted',
  'partner_anew',
  'partner_silent',
  'partner_unpaired',
  'unpaired',
  'standing_consent',
  'consent_refused',
  'consent_expired',
] as const;

interface Reason {
  code: string | null | undefined;
  detail: string | null | undefined;
  /** The same in Chinese, where the engine or the partner said it so. */
  detailZh: string | null | undefined;
  /** The sentence of the server, for a code that is not known here, and for an engine's own words. */
  text: string | null | undefined;
}

/** Why a run changed, in the operator's language; undefined when there is no reason. */
export function useReasonText(): (reason: Reason) => string | undefined {
  const { t, i18n } = useTranslation('run');
  const { language } = i18n;
  return useCallback(
    ({ code, detail, detailZh, text }) => {
      if (!code || !isOneOf(CODES, code)) return inLanguage(language, text, detailZh) ?? undefined;
      const said = inLanguage(language, detail, detailZh);
      const reason = t(`reason.${code}`, { detail: detail ?? '' });
      return said && code !== 'partner_silent' ? t('reason.withDetail', { reason, detail: said }) : reason;
    },
    [t, language],
  );
}

/** Why a run was stopped, in the operator's language. */
export function useStopReason(run: Instance): string | undefined {
  return useReasonText()({
    code: run.stop_reason_code,
    detail: run.stop_reason_detail,
    detailZh: run.stop_reason_detail_zh,
    text: run.stop_reason,
  });
}
