import { useInfiniteQuery } from '@tanstack/react-query';
import { Card, Flex } from 'antd';
import { useTranslation } from 'react-i18next';

import { partnersQuery } from '../../api/partners';
import { PageLink } from '../../app/PageLink';
import { Empty } from '../../components/Empty';
import { LinkStatus } from '../../components/LinkStatus';
import { Loaded } from '../../components/Loaded';
import { Time } from '../../components/Time';
import { TrustTag } from '../../components/TrustTag';

import './overview.css';

/** The partners and their connection. */
export function Partners() {
  const { t } = useTranslation(['overview', 'components']);
  const partners = useInfiniteQuery(partnersQuery());
  return (
    <Card title={t('partners.title')} extra={<PageLink to="/partners">{t('partners.all')}</PageLink>}>
      <Loaded query={partners} rows={3}>
        {({ pages }) => {
          const items = pages.flatMap((page) => page.items).filter(({ trust }) => trust !== 'unpaired');
          if (items.length === 0) {
            return (
              <Empty text={t('partners.empty')}>
                <PageLink to="/partners">{t('partners.all')}</PageLink>
              </Empty>
            );
          }
          return (
            <ul className="plain-list">
              {items.map((partner) => (
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
          );
        }}
      </Loaded>
    </Card>
  );
}
