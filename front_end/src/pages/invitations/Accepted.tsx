import { useQuery } from '@tanstack/react-query';
import { Alert, Flex } from 'antd';
import { useTranslation } from 'react-i18next';

import { type Partner, partnerQuery } from '../../api/partners';
import { LinkButton } from '../../components/LinkButton';
import { Loaded } from '../../components/Loaded';
import { CompareFingerprints } from '../partners/CompareFingerprints';
import { PendingNotice } from '../partners/PendingNotice';

/** After a code was accepted: how far the pairing is, and both fingerprints to compare. */
export function Accepted({ id }: { id: string }) {
  const { t } = useTranslation('invitations');
  const partner = useQuery(partnerQuery(id));
  return (
    <Loaded query={partner}>
      {(partner) => (
        <Flex vertical gap={20}>
          <PairingState partner={partner} />
          <CompareFingerprints partner={partner} />
          <Flex>
            <LinkButton
              to={`/partners/${partner.id}`}
              {...(partner.fingerprint_confirmed_at && { type: 'primary' as const })}
            >
              {t('accepted.toPartner', { partner: partner.name })}
            </LinkButton>
          </Flex>
        </Flex>
      )}
    </Loaded>
  );
}

function PairingState({ partner }: { partner: Partner }) {
  const { t } = useTranslation('invitations');
  const { name, trust } = partner;
  if (trust === 'paired') {
    return <Alert type="success" showIcon role="status" title={t('accepted.paired', { partner: name })} />;
  }
  if (trust !== 'pending') {
    return <Alert type="warning" showIcon role="status" title={t('accepted.ended', { partner: name })} />;
  }
  return <PendingNotice partner={partner} />;
}
