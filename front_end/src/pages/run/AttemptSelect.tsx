import { Select } from 'antd';
import { useTranslation } from 'react-i18next';

import type { Instance } from '../../api/instances';
import { useAttempt } from './useAttempt';

/** Chooses which attempt the page shows; nothing as long as there is one. */
export function AttemptSelect({ run }: { run: Instance }) {
  const { t } = useTranslation('run');
  const { attempt, choose } = useAttempt(run);
  if (run.attempt < 2) return null;
  const attempts = Array.from({ length: run.attempt }, (_, index) => run.attempt - index);
  return (
    <Select
      aria-label={t('attempt.choose')}
      value={attempt}
      onChange={choose}
      popupMatchSelectWidth={false}
      options={attempts.map((number) => ({
        value: number,
        label: t(number === run.attempt ? 'attempt.present' : 'attempt.number', { number }),
      }))}
    />
  );
}
