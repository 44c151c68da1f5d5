import { App, Button, Form, Modal, Tooltip } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { type User, useChangePassword } from '../../api/users';
import { besides, fieldProblem } from '../../components/fieldProblem';
import { Problem } from '../../components/Problem';
import { PasswordField } from './PasswordField';

interface Props {
  user: User;
  /** Why it is not possible. */
  unavailable: string | undefined;
}

/** Gives somebody a new password. */
export function ResetPassword({ user, unavailable }: Props) {
  const { t } = useTranslation('users');
  const [open, setOpen] = useState(false);
  return (
    <>
      <Tooltip title={unavailable}>
        <Button size="small" disabled={unavailable !== undefined} onClick={() => setOpen(true)}>
          {t('reset.action')}
        </Button>
      </Tooltip>
      {open && <ResetDialog user={user} onClose={() => setOpen(false)} />}
    </>
  );
}

function ResetDialog({ user: { id, name }, onClose }: { user: User; onClose: () => void }) {
  const { t } = useTranslation(['users', 'common']);
  const { message } = App.useApp();
  const change = useChangePassword();
  const [password, setPassword] = useState('');
  const submit = async () => {
    await change.mutateAsync({ id, new_password: password });
    void message.success(t('reset.done', { name }));
    onClose();
  };
  return (
    <Modal
      open
      title={t('reset.title', { name })}
      okText={t('reset.submit')}
      okButtonProps={{ disabled: password === '', loading: change.isPending }}
      cancelText={t('common:action.cancel')}
      mask={{ closable: false }}
      onOk={() => void submit().catch(() => undefined)}
      onCancel={onClose}
    >
      <p>{t('reset.text', { name })}</p>
      <Form layout="vertical">
        <Form.Item
          label={t('reset.label')}
          htmlFor="new-password"
          extra={t('password.handOver')}
          {...fieldProblem(change.error, '/new_password')}
        >
          <PasswordField id="new-password" value={password} onChange={setPassword} />
        </Form.Item>
      </Form>
      <Problem error={besides(change.error, ['/new_password'])} />
    </Modal>
  );
}
