import { Alert, App, Form, Input } from 'antd';
import { useTranslation } from 'react-i18next';

import type { Schema } from '../../api/client';
import { type User, useChangeUser } from '../../api/users';
import { EditDrawer } from '../../components/EditDrawer';
import { fieldProblem } from '../../components/fieldProblem';
import { sameJson } from '../../components/jsonDiff';
import { useDraft } from '../../components/useDraft';
import { type Access, RoleFields } from './RoleFields';
import type { Obstacles } from './obstacles';

interface Fields extends Access {
  comment: string;
}

const read = ({ role, permissions, comment }: User): Fields => ({
  role,
  permissions,
  comment: comment ?? '',
});

interface Props {
  user: User;
  obstacles: Obstacles;
  onClose: () => void;
}

/** Changes role, permissions and remark of an account. */
export function EditUser({ user, obstacles, onClose }: Props) {
  const { t } = useTranslation(['users', 'common']);
  const { message } = App.useApp();
  const save = useChangeUser();
  const draft = useDraft(user, read);
  const { value } = draft;

  const submit = async () => {
    await save.mutateAsync({ user: draft.base, change: changeOf(value, read(draft.base)) });
    void message.success(t('edit.done', { name: user.name }));
    onClose();
  };

  return (
    <EditDrawer
      title={t('edit.title', { name: user.name })}
      draft={draft}
      save={save}
      pointers={['/role', '/permissions', '/comment']}
      onSave={submit}
      onClose={onClose}
    >
      <RoleFields
        value={value}
        onChange={(access) => draft.change({ ...value, ...access })}
        error={save.error}
        fixed={obstacles.access && t(`obstacle.${obstacles.access}`)}
      />
      {value.role !== draft.stored.role && (
        <Form.Item>
          <Alert type="info" showIcon title={t('edit.sessionsEnd', { name: user.name })} />
        </Form.Item>
      )}
      <Form.Item
        label={t('common:field.comment')}
        htmlFor="user-comment"
        extra={t('commentHint')}
        {...fieldProblem(save.error, '/comment')}
      >
        <Input.TextArea
          id="user-comment"
          maxLength={256}
          autoSize={{ minRows: 2, maxRows: 6 }}
          value={value.comment}
          onChange={(event) => draft.change({ ...value, comment: event.target.value })}
        />
      </Form.Item>
    </EditDrawer>
  );
}

/** Only what changed is sent, so that nobody else's change of another part is undone. */
function changeOf(now: Fields, before: Fields): Schema<'UserChange'> {
  return {
    ...(now.role !== before.role && { role: now.role as Schema<'Role'> }),
    ...(!sameJson(now.permissions, before.permissions) && { permissions: now.permissions }),
    ...(now.comment !== before.comment && { comment: now.comment.trim() || null }),
  };
}
