import { Button, Flex, Form, Input, Modal } from 'antd';
import { useTranslation } from 'react-i18next';

import { type Me, useSignInAgain } from '../../api/session';
import { Refusal } from './Refusal';

interface Props {
  /** Whose session has ended. */
  me: Me;
  /** Gives the page up, for somebody else to sign in. */
  onLeave: () => void;
}

/** A session has ended on a page that may hold what somebody typed: the same person signs in, and goes on where they were. */
export function SignInAgain({ me, onLeave }: Props) {
  const { t } = useTranslation('signIn');
  const signIn = useSignInAgain();
  return (
    <Modal
      open
      title={t('again.title')}
      closable={false}
      footer={null}
      zIndex={2000}
      focusable={{ trap: true }}
    >
      <Flex vertical gap={16}>
        <p className="muted">{t('again.text')}</p>
        {signIn.error && <Refusal key={signIn.submittedAt} error={signIn.error} at={signIn.submittedAt} />}
        <Form<{ password: string }>
          // The page below may have fields of the same names.
          name="again"
          layout="vertical"
          requiredMark={false}
          onFinish={({ password }) => signIn.mutate({ name: me.name, password })}
        >
          {/* For password managers, which look for a name beside the password. */}
          <input type="text" autoComplete="username" value={me.name} readOnly hidden />
          <Form.Item label={t('name')}>
            <strong>{me.name}</strong>
          </Form.Item>
          <Form.Item
            name="password"
            label={t('password')}
            rules={[{ required: true, message: t('passwordMissing') }]}
          >
            <Input.Password autoFocus autoComplete="current-password" />
          </Form.Item>
          <Flex justify="space-between" gap={8} wrap>
            <Button type="link" onClick={onLeave}>
              {t('again.other')}
            </Button>
            <Button type="primary" htmlType="submit" loading={signIn.isPending}>
              {t('submit')}
            </Button>
          </Flex>
        </Form>
      </Flex>
    </Modal>
  );
}
