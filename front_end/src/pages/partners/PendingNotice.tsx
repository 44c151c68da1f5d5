import { Alert } from 'antd';
import { useTranslation } from 'react-i18next';

import type { Partner } from '../../api/partners';
import { useRights } from '../../app/rights';
import { inLanguage } from '../../components/inLanguage';
import { LinkButton } from '../../components/LinkButton';
import { Reason } from './Reason';
import { usePairingMessage } from './usePairingMessage';

/** A partner that has not answered our acceptance of its invitation yet, or has refused it. */
export function PendingNotice({ partner }: { partner: Partner }) {
  const { t, i18n } = useTranslation('partners');
  const { managePartners } = useRights();
  const { name, last_error } = partner;
  const message = usePairingMessage(partner);
  if (message?.state === 'refused' || message?.state === 'given_up') {
    return (
      <Alert
        type="error"
        showIcon
        role="alert"
        title={t('notice.refused', { partner: name })}
        description={
          <>
            <Reason text={inLanguage(i18n.language, message.last_error, message.last_error_zh)} />
            <div>{t('notice.refusedText')}</div>
          </>
        }
        action={managePartners && <LinkButton to="/invitations/accept">{t('notice.newCode')}</LinkButton>}
      />
    );
  }
  return (
    <Alert
      type={last_error ? 'warning' : 'info'}
      showIcon
      role="status"
      title={t('notice.pending', { partner: name })}
      description={
        <>
          <div>{t('notice.pendingText', { partner: name })}</div>
          <Reason text={inLanguage(i18n.language, last_error, partner.last_error_zh)} />
        </>
      }
    />
  );
}
