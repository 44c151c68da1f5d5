import { Alert } from 'antd';
import { useTranslation } from 'react-i18next';

import type { ApiError } from '../../api/error';
import { Problem } from '../../components/Problem';
import { LockedOut } from './LockedOut';

/** Why somebody was not signed in. `at`: when they tried. */
export function Refusal({ error, at }: { error: ApiError; at: number }) {
  const { t } = useTranslation('signIn');
  if (error.code === 'sign_in_refused') {
    return <Alert type="error" showIcon role="alert" title={t('wrong')} description={t('wrongHint')} />;
  }
  const seconds = error.retryAfterSeconds;
  if (error.code === 'locked_out' && seconds !== undefined) return <LockedOut until={at + seconds * 1000} />;
  return <Problem error={error} />;
}
