import { Alert, Button, Flex, Form, Input } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { newKey } from '../../api/client';
import { type InvitationPreview, useAcceptInvitation } from '../../api/invitations';
import type { Partner } from '../../api/partners';
import { besides, fieldProblem } from '../../components/fieldProblem';
import { Fingerprint } from '../../components/Fingerprint';
import { KeyValue } from '../../components/KeyValue';
import { Problem } from '../../components/Problem';
import { Expiry } from '../partners/Expiry';
import { KnownPartner, useKnown } from './KnownPartner';

interface Props {
  code: string;
  preview: InvitationPreview;
  onBack: () => void;
  onAccepted: (partner: Partner) => void;
}

/** What a code holds, before anything is sent, and its acceptance. */
export function AcceptForm({ code, preview, onBack, onAccepted }: Props) {
  const { t } = useTranslation(['invitations', 'partners', 'common']);
  const accept = useAcceptInvitation();
  const [key] = useState(newKey);
  const known = useKnown(preview);
  const { name, address, fingerprint, our_fingerprint, expires_at, expired } = preview;
  const possible = !expired && known.state !== 'partner' && known.state !== 'loading';

  const submit = ({ name, comment }: { name: string; comment?: string }) => {
    const given = comment?.trim();
    accept.mutate({ key, code, name, ...(given && { comment: given }) }, { onSuccess: onAccepted });
  };

  return (
    <Flex vertical gap={20}>
      <KeyValue
        items={[
          { label: t('look.name'), value: <strong>{name}</strong> },
          { label: t('partners:address'), value: address },
          {
            label: t('look.fingerprint'),
            value: <Fingerprint value={fingerprint} label={t('look.fingerprint')} />,
          },
          { label: t('look.expires'), value: <Expiry at={expires_at} /> },
          {
            label: t('partners:fingerprint.ours'),
            value: <Fingerprint value={our_fingerprint} label={t('partners:fingerprint.ours')} />,
          },
        ]}
      />
      {expired && (
        <Alert
          type="error"
          showIcon
          role="alert"
          title={t('expired.title')}
          description={t('expired.text', { partner: name })}
        />
      )}
      <KnownPartner known={known} />
      {possible ? (
        <>
          <Alert type="info" showIcon title={t('look.nothingSent', { partner: name })} />
          <Form<{ name: string; comment?: string }>
            layout="vertical"
            requiredMark="optional"
            initialValues={{ name: known.partner?.name ?? name }}
            onFinish={submit}
          >
            <Form.Item
              name="name"
              label={t('look.nameHere')}
              extra={t('partners:nameHint')}
              rules={[{ required: true, whitespace: true, message: t('partners:nameMissing') }]}
              {...fieldProblem(accept.error, '/name')}
            >
              <Input maxLength={256} />
            </Form.Item>
            <Form.Item
              name="comment"
              label={t('common:field.comment')}
              {...fieldProblem(accept.error, '/comment')}
            >
              <Input.TextArea maxLength={256} autoSize={{ minRows: 2, maxRows: 6 }} />
            </Form.Item>
            <Flex vertical gap={16}>
              <Problem error={besides(accept.error, ['/name', '/comment'])} />
              <Flex gap={8} wrap>
                <Button type="primary" htmlType="submit" loading={accept.isPending}>
                  {t('look.accept')}
                </Button>
                <Button onClick={onBack}>{t('look.other')}</Button>
              </Flex>
            </Flex>
          </Form>
        </>
      ) : (
        <Flex>
          <Button onClick={onBack}>{t('look.other')}</Button>
        </Flex>
      )}
    </Flex>
  );
}
