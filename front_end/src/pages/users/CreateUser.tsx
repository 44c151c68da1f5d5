import { App, Button, Form, Input } from 'antd';
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';

import { newKey, type Schema } from '../../api/client';
import { useCreateUser } from '../../api/users';
import { besides, fieldProblem } from '../../components/fieldProblem';
import { FormDrawer } from '../../components/FormDrawer';
import { Problem } from '../../components/Problem';
import { useFirstFocus } from '../../components/useFirstFocus';
import { PasswordField } from './PasswordField';
import { type Access, RoleFields } from './RoleFields';

interface Fields {
  name: string;
  password: string;
  comment?: string;
}

const POINTERS = ['/name', '/password', '/comment', '/role', '/permissions'];

/** Makes an account. */
export function CreateUser({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation(['users', 'common']);
  const { message } = App.useApp();
  const id = useId();
  const { ref, afterOpenChange } = useFirstFocus();
  const create = useCreateUser();
  const [key] = useState(newKey);
  const [access, setAccess] = useState<Access>({
    role: 'default',
    permissions: { add_task: true, run: true },
  });

  const submit = async ({ name, password, comment }: Fields) => {
    const given = comment?.trim();
    const user = await create.mutateAsync({
      key,
      name,
      password,
      role: access.role as Schema<'Role'>,
      permissions: access.permissions,
      ...(given && { comment: given }),
    });
    void message.success(t('create.done', { name: user.name }));
    onClose();
  };

  return (
    <FormDrawer
      afterOpenChange={afterOpenChange}
      title={t('create.title')}
      size={560}
      onClose={onClose}
      submit={
        <Button type="primary" htmlType="submit" form={id} loading={create.isPending}>
          {t('common:action.create')}
        </Button>
      }
    >
      <Form<Fields>
        id={id}
        layout="vertical"
        requiredMark="optional"
        onFinish={(fields) => void submit(fields).catch(() => undefined)}
      >
        <Form.Item
          name="name"
          label={t('name.label')}
          extra={t('name.hint')}
          rules={[{ required: true, whitespace: true, message: t('name.missing') }]}
          {...fieldProblem(create.error, '/name')}
        >
          <Input ref={ref} maxLength={128} autoComplete="off" autoCapitalize="none" spellCheck={false} />
        </Form.Item>
        <Form.Item
          name="password"
          label={t('password.label')}
          extra={t('password.handOver')}
          rules={[{ required: true, message: t('password.missing') }]}
          {...fieldProblem(create.error, '/password')}
        >
          <PasswordField />
        </Form.Item>
        <RoleFields value={access} onChange={setAccess} error={create.error} />
        <Form.Item
          name="comment"
          label={t('common:field.comment')}
          extra={t('commentHint')}
          {...fieldProblem(create.error, '/comment')}
        >
          <Input.TextArea maxLength={256} autoSize={{ minRows: 2, maxRows: 6 }} />
        </Form.Item>
      </Form>
      <Problem error={besides(create.error, POINTERS)} />
    </FormDrawer>
  );
}
