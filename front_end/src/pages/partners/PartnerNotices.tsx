import { Alert } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

import type { Partner } from '../../api/partners';
import { useRights } from '../../app/rights';
import { inLanguage } from '../../components/inLanguage';
import { LinkButton } from '../../components/LinkButton';
import { PendingNotice } from './PendingNotice';
import { Reason } from './Reason';
import { isUncompared } from './trust';

/** What one should know of a partner before anything else. */
export function PartnerNotices({ partner }: { partner: Partner }): ReactNode {
  const { t, i18n } = useTranslation('partners');
  const { managePartners } = useRights();
  const { trust, name, last_error } = partner;
  const again = managePartners && <LinkButton to="/partners">{t('notice.toPartners')}</LinkButton>;
  if (trust === 'pending') return <PendingNotice partner={partner} />;
  if (trust === 'suspended') {
    return (
      <Alert
        type="warning"
        showIcon
        title={t('notice.suspended', { partner: name })}
        description={t('notice.suspendedText')}
      />
    );
  }
  if (trust === 'unpaired') {
    return (
      <Alert
        type="info"
        showIcon
        title={t('notice.unpaired', { partner: name })}
        description={
          <>
            <div>{t('notice.unpairedText')}</div>
            <Reason text={inLanguage(i18n.language, last_error, partner.last_error_zh)} />
          </>
        }
        action={again}
      />
    );
  }
  if (trust === 'base') {
    return (
      <Alert
        type="warning"
        showIcon
        title={t('notice.base', { partner: name })}
        description={
          <>
            <div>{t('notice.baseText', { partner: name })}</div>
            {partner.cannot_run && <strong>{t('notice.noEngine')}</strong>}
          </>
        }
      />
    );
  }
  if (!isUncompared(partner)) return null;
  return <Alert type="warning" showIcon title={t('notice.uncompared', { partner: name })} />;
}
