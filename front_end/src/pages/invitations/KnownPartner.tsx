import { useQuery } from '@tanstack/react-query';
import { Alert } from 'antd';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';

import type { InvitationPreview } from '../../api/invitations';
import { partnerQuery } from '../../api/partners';

type Known = 'new' | 'loading' | 'partner' | 'former';

function useKnownPartner({ known_as }: InvitationPreview) {
  return useQuery({ ...partnerQuery(known_as ?? ''), enabled: Boolean(known_as) });
}

/** Whether the console that a code is from is our partner already, or was once. */
export function useKnown(preview: InvitationPreview): Known {
  const { data, isError } = useKnownPartner(preview);
  if (!preview.known_as || isError) return 'new';
  if (!data) return 'loading';
  return data.trust === 'unpaired' || data.trust === 'pending' ? 'former' : 'partner';
}

/** Says that the console is known, and by which name; nothing for a new one. */
export function KnownPartner({ preview }: { preview: InvitationPreview }) {
  const { t } = useTranslation('invitations');
  const known = useKnown(preview);
  const partner = useKnownPartner(preview).data;
  if (!partner || known === 'new' || known === 'loading') return null;
  const link = <Link to={`/partners/${partner.id}`}>{t('known.toPartner', { partner: partner.name })}</Link>;
  if (known === 'partner') {
    return (
      <Alert
        type="warning"
        showIcon
        role="alert"
        title={t('known.partner', { partner: partner.name })}
        description={
          <>
            <div>{t('known.partnerText')}</div>
            {link}
          </>
        }
      />
    );
  }
  return (
    <Alert
      type="info"
      showIcon
      title={t('known.former', { partner: partner.name })}
      description={
        <>
          <div>{t('known.formerText')}</div>
          {link}
        </>
      }
    />
  );
}
