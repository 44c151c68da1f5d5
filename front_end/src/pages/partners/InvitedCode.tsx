import { useQuery } from '@tanstack/react-query';
import { Alert, Flex, Steps } from 'antd';
import { useTranslation } from 'react-i18next';

import type { Schema } from '../../api/client';
import { invitationsQuery } from '../../api/invitations';
import { systemQuery } from '../../api/system';
import { CopyButton } from '../../components/CopyButton';
import { Fingerprint } from '../../components/Fingerprint';
import { KeyValue } from '../../components/KeyValue';
import { LinkButton } from '../../components/LinkButton';
import { useAllRows } from '../../components/useAllRows';
import { Expiry } from './Expiry';
import './partners.css';

interface Props {
  invited: Schema<'Invited'>;
  onCopy: () => void;
}

/** A fresh invitation's code, what comes next, and that it was taken up as soon as it was. */
export function InvitedCode({ invited: { code, invitation }, onCopy }: Props) {
  const { t } = useTranslation('partners');
  const system = useQuery(systemQuery).data;
  const { rows } = useAllRows(invitationsQuery());
  const now = rows?.find(({ id }) => id === invitation.id) ?? invitation;
  const taken = now.state === 'used';

  return (
    <Flex vertical gap={16}>
      {taken ? (
        <Alert
          type="success"
          showIcon
          role="status"
          title={t('invited.taken')}
          description={
            now.partner_id && (
              <LinkButton type="primary" to={`/partners/${now.partner_id}`}>
                {t('invited.toPartner')}
              </LinkButton>
            )
          }
        />
      ) : (
        <Alert type="warning" showIcon title={t('invited.once')} description={t('invited.secret')} />
      )}
      {/* However the code is copied, by the button or by hand, it was copied. */}
      <div className="invitation-code" onCopy={onCopy}>
        <textarea
          className="mono"
          readOnly
          rows={8}
          value={code}
          aria-label={t('invited.code')}
          onFocus={(event) => event.currentTarget.select()}
        />
        <div onClickCapture={onCopy}>
          <CopyButton
            text={code}
            what={t('invited.code')}
            labelled
            type={taken ? 'default' : 'primary'}
            size="middle"
          />
        </div>
      </div>
      <KeyValue
        items={[
          { label: t('invited.expires'), value: <Expiry at={invitation.expires_at} /> },
          {
            label: t('fingerprint.ours'),
            value: system && <Fingerprint value={system.fingerprint} label={t('fingerprint.ours')} />,
          },
        ]}
      />
      <section aria-label={t('invited.next')}>
        <h2 className="partner-subtitle">{t('invited.next')}</h2>
        <Steps
          orientation="vertical"
          size="small"
          current={taken ? 2 : 0}
          items={[
            { title: t('invited.step.send'), content: t('invited.step.sendText') },
            { title: t('invited.step.accept'), content: t('invited.step.acceptText') },
            { title: t('invited.step.compare'), content: t('invited.step.compareText') },
          ]}
        />
      </section>
    </Flex>
  );
}
