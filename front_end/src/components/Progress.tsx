import { Progress as AntProgress } from 'antd';
import { useTranslation } from 'react-i18next';

import { inLanguage } from './inLanguage';

interface Props {
  /** From 0 to 1; without it nobody knows how far it is. */
  value: number | null | undefined;
  /** What is being done. */
  text?: string | null | undefined;
  /** The same in Chinese. */
  textZh?: string | null | undefined;
  /** Of the run; the bar's colour follows it. */
  status?: string;
}

/** How far something is. */
export function Progress({ value, text: textEn, textZh, status }: Props) {
  const { t, i18n } = useTranslation('components');
  const text = inLanguage(i18n.language, textEn, textZh);
  const looks = status === 'failed' ? 'exception' : status === 'succeeded' ? 'success' : 'normal';
  return (
    <div className="progress">
      <AntProgress
        percent={Math.round((value ?? 0) * 1000) / 10}
        status={looks}
        size="small"
        showInfo={value !== null && value !== undefined}
        format={(percent) => `${Math.floor(percent ?? 0)} %`}
        aria-label={text ?? t('progress')}
      />
      {text && <div className="muted progress-text">{text}</div>}
    </div>
  );
}
