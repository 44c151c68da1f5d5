import { Alert, Button } from 'antd';
import { useTranslation } from 'react-i18next';

import { type Partner, useChangePartner } from '../../api/partners';
import { useRights } from '../../app/rights';
import { Problem } from '../../components/Problem';
import { Time } from '../../components/Time';

/** That the partner gives another address as its own than the one that it is called at. Taken with one click, never by itself. */
export function AnnouncedAddress({ partner }: { partner: Partner }) {
  const { t } = useTranslation('partners');
  const { managePartners } = useRights();
  const change = useChangePartner();
  const { announced, address, name } = partner;
  if (!announced) return null;
  return (
    <Alert
      type="warning"
      showIcon
      title={t('moved.title', { partner: name })}
      description={
        <>
          <div>
            {t('moved.old')} <code>{address}</code>
          </div>
          <div>
            {t('moved.new')} <code>{announced.address}</code> · <Time at={announced.at} />
          </div>
          <div>{t('moved.text', { partner: name })}</div>
          {change.error && <Problem error={change.error} />}
        </>
      }
      action={
        managePartners && (
          <Button
            loading={change.isPending}
            onClick={() => change.mutate({ partner, change: { address: announced.address } })}
          >
            {t('moved.take')}
          </Button>
        )
      }
    />
  );
}
