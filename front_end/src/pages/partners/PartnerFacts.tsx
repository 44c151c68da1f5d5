import { useTranslation } from 'react-i18next';

import type { Partner } from '../../api/partners';
import { CopyButton } from '../../components/CopyButton';
import { KeyValue } from '../../components/KeyValue';
import { Time } from '../../components/Time';

/** Where a partner is called, and since when it is known. */
export function PartnerFacts({ partner }: { partner: Partner }) {
  const { t } = useTranslation(['partners', 'common']);
  return (
    <KeyValue
      items={[
        {
          label: t('address'),
          value: (
            <>
              {partner.address} <CopyButton text={partner.address} what={t('address')} />
            </>
          ),
        },
        { label: t('common:field.created'), value: <Time at={partner.created_at} /> },
        { label: t('common:field.changed'), value: <Time at={partner.modified_at} /> },
        {
          label: t('facts.id'),
          value: (
            <>
              <code className="mono">{partner.id}</code> <CopyButton text={partner.id} what={t('facts.id')} />
            </>
          ),
        },
      ]}
    />
  );
}
