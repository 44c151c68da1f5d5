import { useQuery } from '@tanstack/react-query';
import { Alert } from 'antd';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';

import type { InvitationPreview } from '../../api/invitations';
import { type Partner, partnerQuery } from '../../api/partners';

/** How the console that a code is from stands to us. */
export type Known =
  | { state: 'new' | 'loading'; partner?: undefined }
  /** `former` is not paired now. */
  | { state: 'partner' | 'former'; partner: Partner };

/** Looks up whether the console that a code is from is our partner already, or was once. */
export function useKnown({ known_as }: InvitationPreview): Known {
  const query = useQuery({ ...partnerQuery(known_as ?? ''), enabled: Boolean(known_as) });
  if (!known_as || query.isError) return { state: 'new' };
  const partner = query.data;
  if (!partner) return { state: 'loading' };
  const ended = partner.trust === 'unpaired' || partner.trust === 'pending';
  return { state: ended ? 'former' : 'partner', partner };
}

/** Says that the console is known, and by which name; nothing for a new one. */
export function KnownPartner({ known: { state, partner } }: { known: Known }) {
  const { t } = useTranslation('invitations');
  if (!partner) return null;
  const link = <Link to={`/partners/${partner.id}`}>{t('known.toPartner', { partner: partner.name })}</Link>;
  if (state === 'partner') {
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
