import { App, Form, Input } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { newKey, type Schema } from '../../api/client';
import { useCreateUser } from '../../api/users';
import { CreateDrawer } from '../../components/CreateDrawer';
import { fieldProblem } from '../../components/fieldProblem';
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
    <CreateDrawer<Fields>
      title={t('create.title')}
      create={create}
      pointers={POINTERS}
      onCreate={submit}
      onClose={onClose}
    >
      {(first) => (
        <>
          <Form.Item
            name="name"
            label={t('name.label')}
            extra={t('name.hint')}
            rules={[{ required: true, whitespace: true, message: t('name.missing') }]}
            {...fieldProblem(create.error, '/name')}
          >
            <Input ref={first} maxLength={128} autoComplete="off" autoCapitalize="none" spellCheck={false} />
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
        </>
      )}
    </CreateDrawer>
  );
}
