import { UserAddOutlined } from '@ant-design/icons';
import { Button, Flex } from 'antd';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';

import { type Partner, partnersQuery } from '../../api/partners';
import { useRights } from '../../app/rights';
import { CursorTable } from '../../components/CursorTable';
import { Empty } from '../../components/Empty';
import { Fingerprint } from '../../components/Fingerprint';
import { Icon } from '../../components/Icon';
import { LinkButton } from '../../components/LinkButton';
import { inLanguage } from '../../components/inLanguage';
import { LinkStatus } from '../../components/LinkStatus';
import { Time } from '../../components/Time';
import { TrustTag } from '../../components/TrustTag';
import { isUncompared } from './trust';
import './partners.css';

/** All partners: whom we trust how far, and how the connection is. */
export function PartnerTable({ onInvite }: { onInvite: () => void }) {
  const { t } = useTranslation(['partners', 'common']);
  return (
    <CursorTable<Partner>
      label={t('title')}
      query={partnersQuery()}
      empty={<NoPartners onInvite={onInvite} />}
      columns={[
        {
          title: t('common:field.name'),
          key: 'name',
          render: (_, partner) => (
            <Flex vertical className="partner-name">
              <Link to={`/partners/${partner.id}`}>{partner.name}</Link>
              <span className="muted">{partner.address}</span>
            </Flex>
          ),
        },
        {
          title: t('fingerprint.label'),
          key: 'fingerprint',
          render: (_, { fingerprint, name }) =>
            fingerprint ? (
              <div className="partner-fingerprint">
                <Fingerprint value={fingerprint} label={t('fingerprint.of', { name })} />
              </div>
            ) : (
              <span className="muted">{t('fingerprint.none')}</span>
            ),
        },
        { title: t('trust'), key: 'trust', render: (_, partner) => <TrustCell partner={partner} /> },
        { title: t('connection.title'), key: 'link', render: (_, partner) => <LinkCell partner={partner} /> },
        {
          title: t('queue.short'),
          key: 'queue',
          align: 'right',
          render: (_, { waiting_messages }) => <span className="numbers">{waiting_messages}</span>,
        },
      ]}
    />
  );
}

function TrustCell({ partner }: { partner: Partner }) {
  const { t } = useTranslation('partners');
  const { protocol_level } = partner;
  return (
    <Flex vertical gap={2} align="flex-start">
      <TrustTag trust={partner.trust} />
      {isUncompared(partner) && <Link to={`/partners/${partner.id}`}>{t('fingerprint.notCompared')}</Link>}
      {partner.trust !== 'base' && typeof protocol_level === 'number' && (
        <span className="muted">{t('protocol.level', { level: protocol_level })}</span>
      )}
    </Flex>
  );
}

function LinkCell({ partner }: { partner: Partner }) {
  const { t, i18n } = useTranslation('partners');
  return (
    <Flex vertical gap={2} className="partner-link">
      <LinkStatus partner={partner} />
      {partner.last_seen_at && (
        <span className="muted">
          {t('connection.seen')} <Time at={partner.last_seen_at} />
        </span>
      )}
      {partner.last_error && (
        <span className="partner-error">
          {inLanguage(i18n.language, partner.last_error, partner.last_error_zh)}
        </span>
      )}
    </Flex>
  );
}

function NoPartners({ onInvite }: { onInvite: () => void }) {
  const { t } = useTranslation('partners');
  const { managePartners } = useRights();
  if (!managePartners) return <Empty text={t('empty.askAdmin')} />;
  return (
    <Empty text={t('empty.text')}>
      <Flex gap={8} justify="center" wrap>
        <Button type="primary" icon={<Icon of={UserAddOutlined} />} onClick={onInvite}>
          {t('invite.action')}
        </Button>
        <LinkButton to="/invitations/accept">{t('accept')}</LinkButton>
      </Flex>
    </Empty>
  );
}
