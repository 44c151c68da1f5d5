import { Alert, Button, Flex, Form, Input } from 'antd';
import { useTranslation } from 'react-i18next';

import type { Me } from '../../api/session';
import { useChangePassword } from '../../api/users';
import { besides, fieldProblem } from '../../components/fieldProblem';
import { Problem } from '../../components/Problem';

interface Fields {
  old_password: string;
  new_password: string;
  again: string;
}

/** Changes one's own password, which ends one's other sessions. */
export function PasswordForm({ me }: { me: Me }) {
  const { t } = useTranslation('account');
  const [form] = Form.useForm<Fields>();
  const change = useChangePassword();

  const submit = async ({ old_password, new_password }: Fields) => {
    await change.mutateAsync({ id: me.id, old_password, new_password });
    form.resetFields();
  };

  return (
    <Form<Fields>
      form={form}
      layout="vertical"
      requiredMark={false}
      onFinish={(fields) => void submit(fields).catch(() => undefined)}
      onValuesChange={() => change.reset()}
    >
      <p className="account-text">{t('password.text')}</p>
      {/* For password managers. */}
      <input
        className="visually-hidden"
        type="text"
        name="username"
        autoComplete="username"
        value={me.name}
        readOnly
        tabIndex={-1}
        aria-hidden
      />
      <Form.Item
        name="old_password"
        label={t('password.old')}
        rules={[{ required: true, message: t('password.oldMissing') }]}
        {...fieldProblem(change.error, '/old_password')}
      >
        <Input.Password autoComplete="current-password" maxLength={256} />
      </Form.Item>
      <Form.Item
        name="new_password"
        label={t('password.new')}
        rules={[{ required: true, message: t('password.newMissing') }]}
        {...fieldProblem(change.error, '/new_password')}
      >
        <Input.Password autoComplete="new-password" maxLength={256} />
      </Form.Item>
      <Form.Item
        name="again"
        label={t('password.again')}
        dependencies={['new_password']}
        rules={[
          { required: true, message: t('password.againMissing') },
          ({ getFieldValue }) => ({
            validator: (_, value) =>
              !value || value === getFieldValue('new_password')
                ? Promise.resolve()
                : Promise.reject(new Error(t('password.differs'))),
          }),
        ]}
      >
        <Input.Password autoComplete="new-password" maxLength={256} />
      </Form.Item>
      <Flex vertical gap={12}>
        {change.isSuccess && <Alert type="success" showIcon role="status" title={t('password.done')} />}
        <Problem error={besides(change.error, ['/old_password', '/new_password'])} />
        <Flex>
          <Button type="primary" htmlType="submit" loading={change.isPending}>
            {t('password.submit')}
          </Button>
        </Flex>
      </Flex>
    </Form>
  );
}
