import { App, Form, Input, Modal, Radio } from 'antd';
import { useTranslation } from 'react-i18next';

import type { Schema } from '../../api/client';
import { type Task, useChangeTask } from '../../api/tasks';
import { ConflictNotice } from '../../components/ConflictNotice';
import { besides, fieldProblem } from '../../components/fieldProblem';
import { Problem } from '../../components/Problem';
import { useDraft } from '../../components/useDraft';
import { useGuardedClose } from '../../components/useGuardedClose';
import type { TaskView } from './useTaskPage';

const TYPES = ['sample', 'train'] as const satisfies readonly Schema<'TaskType'>[];

interface Fields {
  name: string;
  comment: string;
  task_type: string;
}

const read = ({ name, comment, task_type }: Task): Fields => ({ name, comment: comment ?? '', task_type });

/** Changes name, type and comment; name and type belong to the first version. */
export function EditTask({ view: { task }, onClose }: { view: TaskView; onClose: () => void }) {
  const { t } = useTranslation(['tasks', 'common']);
  const { message } = App.useApp();
  const save = useChangeTask();
  const draft = useDraft(task, read);
  const { value } = draft;
  const set = (part: Partial<Fields>) => draft.change({ ...value, ...part });
  const close = useGuardedClose(draft.dirty, onClose);

  const submit = async () => {
    const before = read(draft.base);
    const type = TYPES.find((known) => known === value.task_type);
    const change = {
      ...(value.comment !== before.comment && { comment: value.comment || null }),
      ...(value.name !== before.name && { name: value.name }),
      ...(type && type !== before.task_type && { task_type: type }),
    };
    await save.mutateAsync({ task: draft.base, change });
    void message.success(t('edit.done', { name: value.name }));
    onClose();
  };

  return (
    <Modal
      open
      title={t('edit.title', { name: task.name })}
      okText={t('common:action.save')}
      cancelText={t('common:action.cancel')}
      okButtonProps={{
        disabled: !draft.dirty || value.name.trim() === '' || draft.newer !== undefined,
        loading: save.isPending,
      }}
      onOk={() => void submit().catch(() => undefined)}
      onCancel={close}
    >
      <ConflictNotice draft={draft} save={save} />
      <Form layout="vertical">
        {task.root && (
          <>
            <Form.Item
              label={t('common:field.name')}
              htmlFor="task-name"
              {...fieldProblem(save.error, '/name')}
            >
              <Input
                id="task-name"
                maxLength={256}
                value={value.name}
                onChange={(event) => set({ name: event.target.value })}
              />
            </Form.Item>
            <Form.Item label={t('type.label')} {...fieldProblem(save.error, '/task_type')}>
              <Radio.Group
                value={value.task_type}
                onChange={(event) => set({ task_type: event.target.value as string })}
                options={TYPES.map((type) => ({ value: type, label: t(`type.${type}`) }))}
              />
            </Form.Item>
          </>
        )}
        <Form.Item
          label={t('common:field.comment')}
          htmlFor="task-comment"
          {...fieldProblem(save.error, '/comment')}
        >
          <Input.TextArea
            id="task-comment"
            maxLength={256}
            autoSize={{ minRows: 2, maxRows: 6 }}
            value={value.comment}
            onChange={(event) => set({ comment: event.target.value })}
          />
        </Form.Item>
      </Form>
      {!draft.newer && <Problem error={besides(save.error, ['/name', '/task_type', '/comment'])} />}
    </Modal>
  );
}
