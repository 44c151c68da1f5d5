import { Progress as AntProgress } from 'antd';
import { useTranslation } from 'react-i18next';

import type { Instance } from '../api/instances';
import { inLanguage } from './inLanguage';

type Run = Pick<Instance, 'progress' | 'progress_text' | 'progress_text_zh' | 'status'>;

/** How far our half of a run is, and what it does. The bar's colour follows its state. */
export function RunProgress({ run: { progress, progress_text, progress_text_zh, status } }: { run: Run }) {
  const { t, i18n } = useTranslation('components');
  const text = inLanguage(i18n.language, progress_text, progress_text_zh);
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
      {text && <div className="muted progress-text">{text}</div>}
    </div>
  );
}
