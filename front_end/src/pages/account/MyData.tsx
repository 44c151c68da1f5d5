import { App, Button, Flex, Form, Input } from 'antd';
import { useTranslation } from 'react-i18next';

import { type User, useChangeUser } from '../../api/users';
import { ConflictNotice } from '../../components/ConflictNotice';
import { besides, fieldProblem } from '../../components/fieldProblem';
import { KeyValue } from '../../components/KeyValue';
import { useUnsaved } from '../../components/LeaveGuard';
import { Problem } from '../../components/Problem';
import { Time } from '../../components/Time';
import { useDraft } from '../../components/useDraft';
import { Permissions } from '../users/Permissions';
import { RoleTag } from '../users/RoleTag';

const read = ({ comment }: User) => comment ?? '';

/** What the console knows about oneself; only the remark is one's own to change. */
export function MyData({ user }: { user: User }) {
  const { t } = useTranslation(['account', 'common']);
  const { message } = App.useApp();
  const save = useChangeUser();
  const draft = useDraft(user, read);
  useUnsaved(draft.dirty);

  const submit = async () => {
    await save.mutateAsync({ user: draft.base, change: { comment: draft.value.trim() || null } });
    void message.success(t('data.saved'));
  };

  return (
    <Flex vertical gap={16}>
      <KeyValue
        items={[
          { label: t('common:field.name'), value: user.name },
          { label: t('data.role'), value: <RoleTag role={user.role} /> },
          {
            label: t('data.permissions'),
            value: <Permissions rights={user.rights} />,
          },
          { label: t('data.signedIn'), value: user.signed_in_at && <Time at={user.signed_in_at} /> },
          { label: t('common:field.created'), value: <Time at={user.created_at} /> },
        ]}
      />
      <ConflictNotice draft={draft} save={save} shownAs={(comment) => ({ comment })} />
      <Form layout="vertical" onFinish={() => void submit().catch(() => undefined)}>
        <Form.Item
          label={t('common:field.comment')}
          htmlFor="my-comment"
          extra={t('data.commentHint')}
          {...fieldProblem(save.error, '/comment')}
        >
          <Input.TextArea
            id="my-comment"
            maxLength={256}
            autoSize={{ minRows: 2, maxRows: 6 }}
            value={draft.value}
            onChange={(event) => draft.change(event.target.value)}
          />
        </Form.Item>
        <Flex vertical gap={12}>
          {!draft.newer && <Problem error={besides(save.error, ['/comment'])} />}
          <Flex gap={8}>
            <Button
              htmlType="submit"
              disabled={!draft.dirty || draft.newer !== undefined}
              loading={save.isPending}
            >
              {t('common:action.save')}
            </Button>
          </Flex>
        </Flex>
      </Form>
      <span className="muted">{t('data.askAdmin')}</span>
    </Flex>
  );
}
