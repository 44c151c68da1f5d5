import { MoreOutlined } from '@ant-design/icons';
import { App, Button, Dropdown } from 'antd';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';

import { ApiError } from '../../api/error';
import { useArchiveTask, useDeleteTask } from '../../api/tasks';
import { Icon } from '../../components/Icon';
import { Problem } from '../../components/Problem';
import { versionText } from '../../components/versionText';
import { type TaskView, useVersions } from './useTaskPage';

/** Puts the version away or deletes it; with the first version it is the whole task. */
export function Removal({ view: { task } }: { view: TaskView }) {
  const { t } = useTranslation(['tasks', 'common']);
  const { message, modal } = App.useApp();
  const navigate = useNavigate();
  const archive = useArchiveTask();
  const remove = useDeleteTask();
  const { rows } = useVersions(task);
  const what = task.root ? 'task' : 'version';
  const names = { name: task.name, version: versionText(task) };
  const archived = task.archived_at != null;

  const toggle = () =>
    archive.mutate(
      { task, archived: !archived },
      {
        onSuccess: () => void message.success(t(archived ? 'removal.restored' : 'removal.archived', names)),
        onError: (error) => {
          modal.error({ title: t('removal.failed'), content: <Problem error={error} /> });
        },
      },
    );

  const ask = () => {
    const consequence = t(`removal.consequence.${what}`, { count: rows?.length ?? 1 });
    const dialog = modal.confirm({
      title: t(`removal.question.${what}`, names),
      content: consequence,
      okText: t('common:action.delete'),
      okButtonProps: { danger: true },
      cancelText: t('common:action.cancel'),
      focusable: { autoFocusButton: 'cancel' },
      onOk: async () => {
        try {
          await remove.mutateAsync(task.id);
        } catch (thrown) {
          dialog.update({
            content: (
              <>
                {consequence}
                <Problem error={ApiError.from(thrown)} />
              </>
            ),
          });
          throw thrown; // keeps the dialog open
        }
        void message.success(t(`removal.deleted.${what}`, names));
        const root = rows?.find((version) => version.root && version.id !== task.id);
        await navigate(root ? `/tasks/${root.id}` : `/projects/${task.project_id}`);
      },
    });
  };

  return (
    <Dropdown
      trigger={['click']}
      menu={{
        items: [
          {
            key: 'archive',
            label: t(archived ? `removal.restore.${what}` : `removal.archive.${what}`),
            onClick: toggle,
          },
          { key: 'delete', danger: true, label: t(`removal.delete.${what}`), onClick: ask },
        ],
      }}
    >
      <Button icon={<Icon of={MoreOutlined} />} aria-label={t('removal.more')} loading={archive.isPending} />
    </Dropdown>
  );
}
