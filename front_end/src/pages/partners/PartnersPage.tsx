import { MoreOutlined, UserAddOutlined } from '@ant-design/icons';
import { Button, Dropdown, Flex } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { useRights } from '../../app/rights';
import { Icon } from '../../components/Icon';
import { LinkButton } from '../../components/LinkButton';
import { PageHeader } from '../../components/PageHeader';
import { AddOriginal } from './AddOriginal';
import { Invitations } from './Invitations';
import { Invite } from './Invite';
import { PartnerTable } from './PartnerTable';
import { RefusedCalls } from './RefusedCalls';

/** The other organisations' consoles, and the ways to become partners. */
export default function PartnersPage() {
  const { t } = useTranslation('partners');
  const { managePartners } = useRights();
  const [open, setOpen] = useState<'invite' | 'original'>();
  const invite = () => setOpen('invite');
  const close = () => setOpen(undefined);
  return (
    <>
      <PageHeader
        title={t('title')}
        subtitle={t('subtitle')}
        actions={
          managePartners && (
            <>
              <LinkButton to="/invitations/accept">{t('accept')}</LinkButton>
              <Button type="primary" icon={<Icon of={UserAddOutlined} />} onClick={invite}>
                {t('invite.action')}
              </Button>
              <Dropdown
                trigger={['click']}
                menu={{
                  items: [
                    { key: 'original', label: t('original.action'), onClick: () => setOpen('original') },
                  ],
                }}
              >
                <Button icon={<Icon of={MoreOutlined} />} aria-label={t('more')} title={t('more')} />
              </Dropdown>
            </>
          )
        }
      />
      <Flex vertical gap={24}>
        <PartnerTable onInvite={invite} />
        {managePartners && <Invitations />}
        <RefusedCalls />
      </Flex>
      {open === 'invite' && <Invite onClose={close} />}
      {open === 'original' && <AddOriginal onClose={close} />}
    </>
  );
}
