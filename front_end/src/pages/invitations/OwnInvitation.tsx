import { Alert } from 'antd';
import { useTranslation } from 'react-i18next';

/** The code was made by this very console. */
export function OwnInvitation() {
  const { t } = useTranslation('invitations');
  return <Alert type="warning" showIcon role="alert" title={t('own.title')} description={t('own.text')} />;
}
