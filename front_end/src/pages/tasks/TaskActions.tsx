import { BranchesOutlined, EditOutlined, PlayCircleOutlined } from '@ant-design/icons';
import { App, Button, Form, Input, Modal, Tooltip } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';

import { newKey } from '../../api/client';
import { useRun } from '../../api/instances';
import { useNewVersion } from '../../api/tasks';
import { Icon } from '../../components/Icon';
import { useGuardedClose } from '../../components/useGuardedClose';
import { SAVED } from '../../components/LeaveGuard';
import { fieldProblem } from '../../components/fieldProblem';
import { Problem } from '../../components/Problem';
import { EditTask } from './EditTask';
import { Removal } from './Removal';
import { versionText } from '../../components/versionText';
import { type TaskView, useRunBlock } from './useTaskPage';

/** What can be done with the version as a whole; what cannot says why. */
export function TaskActions({ view }: { view: TaskView }) {
  const { t } = useTranslation(['tasks', 'common']);
  const block = useRunBlock(view);
  const [open, setOpen] = useState<'run' | 'edit'>();
  const { task, lock } = view;
  return (
    <>
      {!lock && (
        <Button icon={<Icon of={EditOutlined} />} onClick={() => setOpen('edit')}>
          {t('common:action.edit')}
        </Button>
      )}
      {/* For a paired version the notice below offers it. */}
      {!task.cannot_copy && lock !== 'paired' && <NewVersion view={view} />}
      {!task.cannot_remove && <Removal view={view} />}
      <Tooltip title={block}>
        <Button
          type="primary"
          icon={<Icon of={PlayCircleOutlined} />}
          disabled={block !== undefined}
          onClick={() => setOpen('run')}
        >
          {t('run.action')}
        </Button>
      </Tooltip>
      {open === 'run' && <RunDialog view={view} onClose={() => setOpen(undefined)} />}
      {open === 'edit' && <EditTask view={view} onClose={() => setOpen(undefined)} />}
    </>
  );
}

export function NewVersion({ view, primary = false }: { view: TaskView; primary?: boolean }) {
  const { t } = useTranslation('tasks');
  const { message, modal } = App.useApp();
  const navigate = useNavigate();
  const make = useNewVersion();
  const [key, setKey] = useState(newKey);
  const submit = () =>
    make.mutate(
      { id: view.task.id, key },
      {
        onSuccess: (task) => {
          setKey(newKey());
          void message.success(t('newVersion.done', { version: versionText(task) }));
          void navigate(`/tasks/${task.id}`);
        },
        onError: (error) => {
          modal.error({ title: t('newVersion.failed'), content: <Problem error={error} /> });
        },
      },
    );
  return (
    <Tooltip title={t('newVersion.hint')}>
      <Button
        icon={<Icon of={BranchesOutlined} />}
        loading={make.isPending}
        onClick={submit}
        {...(primary && { type: 'primary' })}
      >
        {t('newVersion.action')}
      </Button>
    </Tooltip>
  );
}

function RunDialog({ view, onClose }: { view: TaskView; onClose: () => void }) {
  const { t } = useTranslation(['tasks', 'common']);
  const navigate = useNavigate();
  const run = useRun();
  const [key] = useState(newKey);
  const [comment, setComment] = useState('');
  const { task, partner } = view;
  const close = useGuardedClose(comment.trim() !== '', onClose);
  const submit = async () => {
    const instance = await run.mutateAsync({
      task: task.id,
      key,
      ...(comment.trim() && { comment: comment.trim() }),
    });
    onClose();
    await navigate(`/runs/${instance.id}`, SAVED);
  };
  return (
    <Modal
      open
      title={t('run.title', { name: task.name })}
      okText={t('run.action')}
      cancelText={t('common:action.cancel')}
      okButtonProps={{ loading: run.isPending, autoFocus: true }}
      onOk={() => void submit().catch(() => undefined)}
      onCancel={close}
    >
      <p>{t('run.text', { partner, version: versionText(task) })}</p>
      <Form layout="vertical">
        <Form.Item
          label={`${t('common:field.comment')} (${t('common:optional')})`}
          htmlFor="run-comment"
          {...fieldProblem(run.error, '/comment')}
        >
          <Input
            id="run-comment"
            maxLength={256}
            value={comment}
            placeholder={t('run.commentExample')}
            onChange={(event) => setComment(event.target.value)}
          />
        </Form.Item>
      </Form>
      <Problem error={run.error} />
    </Modal>
  );
}
