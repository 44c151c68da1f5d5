import { App, Button, Drawer, Flex, Form, Input } from 'antd';
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';

import { newKey } from '../../api/client';
import { useInvite } from '../../api/invitations';
import { besides, fieldProblem } from '../../components/fieldProblem';
import { Problem } from '../../components/Problem';
import { useFirstFocus } from '../../components/useFirstFocus';
import { InvitedCode } from './InvitedCode';

/** Makes an invitation, and shows its code this once. */
export function Invite({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation(['partners', 'common']);
  const { modal } = App.useApp();
  const id = useId();
  const { ref, afterOpenChange } = useFirstFocus();
  const invite = useInvite();
  const [key] = useState(newKey);
  const [copied, setCopied] = useState(false);
  const invited = invite.data;

  const leave = () => {
    if (!invited || copied) {
      onClose();
      return;
    }
    modal.confirm({
      title: t('invite.leave.title'),
      content: t('invite.leave.text'),
      okText: t('invite.leave.action'),
      cancelText: t('common:action.back'),
      onOk: onClose,
    });
  };

  return (
    <Drawer
      open
      afterOpenChange={afterOpenChange}
      title={t('invite.title')}
      size={600}
      onClose={leave}
      mask={{ closable: !invited }}
      footer={
        <Flex justify="flex-end" gap={8}>
          <Button {...(invited && { type: 'primary' })} onClick={leave}>
            {invited ? t('invite.done') : t('common:action.cancel')}
          </Button>
          {!invited && (
            <Button type="primary" htmlType="submit" form={id} loading={invite.isPending}>
              {t('invite.make')}
            </Button>
          )}
        </Flex>
      }
    >
      {invited ? (
        <InvitedCode invited={invited} onCopy={() => setCopied(true)} />
      ) : (
        <Flex vertical gap={12}>
          <p className="muted partner-text">{t('invite.text')}</p>
          <Form<{ comment?: string }>
            id={id}
            layout="vertical"
            requiredMark="optional"
            onFinish={({ comment }) => invite.mutate({ key, ...(comment?.trim() && { comment }) })}
          >
            <Form.Item
              name="comment"
              label={t('invite.for')}
              extra={t('invite.forHint')}
              {...fieldProblem(invite.error, '/comment')}
            >
              <Input ref={ref} maxLength={256} placeholder={t('invite.forExample')} />
            </Form.Item>
          </Form>
          <Problem error={besides(invite.error, ['/comment'])} />
        </Flex>
      )}
    </Drawer>
  );
}
