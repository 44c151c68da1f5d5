import { Alert } from 'antd';
import { useTranslation } from 'react-i18next';

import { durationText } from '../../components/time';
import { useNow } from '../../components/useNow';

/** After too many failures: how long one has to wait, counting down. */
export function LockedOut({ until }: { until: number }) {
  const { t, i18n } = useTranslation('signIn');
  const left = until - useNow('fast');
  if (left <= 0) return <Alert type="info" showIcon title={t('unlocked')} />;
  return (
    <Alert
      type="warning"
      showIcon
      role="alert"
      title={t('lockedFor', { time: durationText(Math.max(left, 1_000), i18n.language) })}
    />
  );
}
