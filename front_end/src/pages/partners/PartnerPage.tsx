import { EditOutlined } from '@ant-design/icons';
import { useQuery } from '@tanstack/react-query';
import { Button, Card, Flex } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useParams } from 'react-router';

import { type Partner, partnerQuery } from '../../api/partners';
import { useRights } from '../../app/rights';
import { Icon } from '../../components/Icon';
import { Loaded } from '../../components/Loaded';
import { PageHeader } from '../../components/PageHeader';
import { TrustTag } from '../../components/TrustTag';
import { AnnouncedAddress } from './AnnouncedAddress';
import { CompareFingerprints } from './CompareFingerprints';
import { ConnectionCard } from './ConnectionCard';
import { EditPartner } from './EditPartner';
import { PartnerFacts } from './PartnerFacts';
import { PartnerNotices } from './PartnerNotices';
import { PartnerProjects } from './PartnerProjects';
import { PartnerQueue } from './PartnerQueue';
import { ReachedLimits } from './ReachedLimits';
import { RefusedCalls } from './RefusedCalls';
import { TrustActions } from './TrustActions';
import './partners.css';

/** One partner: who it is, how far we trust it, how the connection is, and what waits for it. */
export default function PartnerPage() {
  const { id = '' } = useParams();
  const partner = useQuery(partnerQuery(id));
  return <Loaded query={partner}>{(partner) => <PartnerView key={partner.id} partner={partner} />}</Loaded>;
}

function PartnerView({ partner }: { partner: Partner }) {
  const { t } = useTranslation(['partners', 'common']);
  const { managePartners } = useRights();
  const [editing, setEditing] = useState(false);
  return (
    <>
      <PageHeader
        title={partner.name}
        trail={[{ title: t('title'), to: '/partners' }]}
        tags={<TrustTag trust={partner.trust} />}
        subtitle={partner.comment}
        actions={
          managePartners && (
            <>
              <Button icon={<Icon of={EditOutlined} />} onClick={() => setEditing(true)}>
                {t('common:action.edit')}
              </Button>
              <TrustActions partner={partner} />
            </>
          )
        }
      />
      <Flex vertical gap={16}>
        <PartnerNotices partner={partner} />
        <AnnouncedAddress partner={partner} />
        <ReachedLimits partner={partner} />
        {partner.fingerprint && (
          <Card title={t('compare.title')}>
            <CompareFingerprints partner={partner} />
          </Card>
        )}
        <div className="partner-columns">
          <ConnectionCard partner={partner} />
          <Card title={t('facts.title')}>
            <PartnerFacts partner={partner} />
          </Card>
        </div>
        <RefusedCalls partner={partner.id} />
        <PartnerQueue partner={partner} />
        <PartnerProjects partner={partner} />
      </Flex>
      {editing && <EditPartner partner={partner} onClose={() => setEditing(false)} />}
    </>
  );
}
