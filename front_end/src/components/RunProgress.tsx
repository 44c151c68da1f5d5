import { Progress as AntProgress } from 'antd';
import { useTranslation } from 'react-i18next';

import type { Instance } from '../api/instances';
import { inLanguage } from './inLanguage';
import { remainingMs, roughDuration } from './remaining';
import { useNow } from './useNow';

type Run = Pick<
  Instance,
  'progress' | 'progress_text' | 'progress_text_zh' | 'status' | 'started_at' | 'held_up'
>;

/** How far our half of a run is, what it does, and how long that still takes. The bar's colour follows its state. */
export function RunProgress({ run }: { run: Run }) {
  const { t, i18n } = useTranslation('components');
  const { progress, progress_text, progress_text_zh, status } = run;
  const text = inLanguage(i18n.language, progress_text, progress_text_zh);
  const said = [text, useTimeLeft(run)].filter(Boolean).join(' · ');
  const looks = status === 'failed' ? 'exception' : status === 'succeeded' ? 'success' : 'normal';
  return (
    <div className="progress">
      <AntProgress
        percent={Math.round((progress ?? 0) * 1000) / 10}
        status={looks}
        size="small"
        showInfo={progress != null}
        format={(percent) => `${Math.floor(percent ?? 0)} %`}
        aria-label={text ?? t('progress')}
      />
      {said && <div className="muted progress-text">{said}</div>}
    </div>
  );
}

function useTimeLeft(run: Run): string | undefined {
  const { t, i18n } = useTranslation('components');
  const milliseconds = remainingMs(run, useNow());
  if (milliseconds === undefined) return undefined;
  const time = roughDuration(milliseconds, i18n.language);
  return time === undefined ? t('timeLeft.moment') : t('timeLeft.about', { time });
}
