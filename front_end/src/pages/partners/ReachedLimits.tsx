import { Alert } from 'antd';
import { useTranslation } from 'react-i18next';

import type { Partner } from '../../api/partners';
import { LimitFacts, useLimitText } from '../../components/LimitText';

/** The limits of this console that the partner has reached, as long as that lasts. */
export function ReachedLimits({ partner: { reached_limits } }: { partner: Partner }) {
  const { t } = useTranslation('partners');
  const text = useLimitText();
  if (reached_limits.length === 0) return null;
  return (
    <Alert
      type="warning"
      showIcon
      title={t('notice.limits')}
      description={
        <ul className="plain-list">
          {reached_limits.map((reached) => (
            <li key={reached.code}>
              {text(reached)} <LimitFacts reached={reached} />
            </li>
          ))}
        </ul>
      }
    />
  );
}
