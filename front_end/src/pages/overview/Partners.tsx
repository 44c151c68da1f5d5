import { Card, Flex } from 'antd';
import { useTranslation } from 'react-i18next';

import type { Partner } from '../../api/partners';
import { PageLink } from '../../app/PageLink';
import { Empty } from '../../components/Empty';
import { LinkStatus } from '../../components/LinkStatus';
import { Time } from '../../components/Time';
import { TrustTag } from '../../components/TrustTag';

import './overview.css';

/** The partners and their connection. */
export function Partners({ partners }: { partners: Partner[] }) {
  const { t } = useTranslation('overview');
  return (
    <Card title={t('partners.title')} extra={<PageLink to="/partners">{t('partners.all')}</PageLink>}>
      {partners.length === 0 ? (
        <Empty text={t('partners.empty')} />
      ) : (
        <ul className="plain-list">
          {partners.map((partner) => (
            <li key={partner.id}>
              <Flex justify="space-between" gap={8} wrap>
                <PageLink to={`/partners/${partner.id}`}>{partner.name}</PageLink>
                <TrustTag trust={partner.trust} />
              </Flex>
              <Flex justify="space-between" gap={8} wrap className="muted">
                <LinkStatus partner={partner} />
                <Time at={partner.last_seen_at} />
              </Flex>
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}
