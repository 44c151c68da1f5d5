import { App, Form, Input, Select } from 'antd';
import { useTranslation } from 'react-i18next';

import type { Schema } from '../../api/client';
import { type Project, useChangeProject } from '../../api/projects';
import { usersQuery } from '../../api/users';
import { EditDrawer } from '../../components/EditDrawer';
import { fieldProblem } from '../../components/fieldProblem';
import { useAllRows } from '../../components/useAllRows';
import { useDraft } from '../../components/useDraft';
import { ObjectField } from '../../components/task-config/ObjectField';
import { asObject, type JsonObject } from '../../components/task-config/jsonObject';

interface Fields {
  name: string;
  comment: string;
  owner_id: string | null;
  /** Null while the text is no JSON object. */
  config: JsonObject | null;
}

const read = (project: Project): Fields => ({
  name: project.name ?? '',
  comment: project.comment ?? '',
  owner_id: project.owner_id ?? null,
  config: asObject(project.config),
});

/** Changes name, comment, owner and our config of a project. */
export function EditProject({ project, onClose }: { project: Project; onClose: () => void }) {
  const { t } = useTranslation(['projects', 'common']);
  const { message } = App.useApp();
  const save = useChangeProject();
  const draft = useDraft(project, read);
  const { value } = draft;
  const set = (part: Partial<Fields>) => draft.change({ ...value, ...part });
  const valid = value.name.trim() !== '' && value.config !== null;

  const submit = async () => {
    await save.mutateAsync({ project: draft.base, change: changeOf(value, read(draft.base)) });
    void message.success(t('edit.done', { name: value.name }));
    onClose();
  };

  return (
    <EditDrawer
      title={t('edit.title', { name: project.name ?? t('common:unnamed') })}
      draft={draft}
      save={save}
      pointers={['/name', '/comment', '/owner_id', '/config']}
      valid={valid}
      onSave={submit}
      onClose={onClose}
    >
      <Form.Item
        label={t('common:field.name')}
        htmlFor="project-name"
        {...(value.name.trim() === '' && { validateStatus: 'error', help: t('form.nameMissing') })}
        {...fieldProblem(save.error, '/name')}
      >
        <Input
          id="project-name"
          maxLength={256}
          value={value.name}
          onChange={(event) => set({ name: event.target.value })}
        />
      </Form.Item>
      <Form.Item
        label={t('common:field.comment')}
        htmlFor="project-comment"
        {...fieldProblem(save.error, '/comment')}
      >
        <Input.TextArea
          id="project-comment"
          maxLength={256}
          autoSize={{ minRows: 2, maxRows: 6 }}
          value={value.comment}
          onChange={(event) => set({ comment: event.target.value })}
        />
      </Form.Item>
      <Owner value={value.owner_id} onChange={(owner_id) => set({ owner_id })} problem={save.error} />
      <Form.Item
        label={t('config.field')}
        extra={t('edit.configHint', { partner: project.partner_name ?? t('thePartner') })}
        {...fieldProblem(save.error, '/config')}
      >
        <ObjectField label={t('config.field')} value={value.config} onChange={(config) => set({ config })} />
      </Form.Item>
    </EditDrawer>
  );
}

interface OwnerProps {
  value: string | null;
  onChange: (id: string) => void;
  problem: Parameters<typeof fieldProblem>[0];
}

function Owner({ value, onChange, problem }: OwnerProps) {
  const { t } = useTranslation('projects');
  const users = useAllRows(usersQuery());
  const owners = users.rows?.filter(
    ({ rights, disabled_at }) => !disabled_at && rights.includes('manage_projects'),
  );
  return (
    <Form.Item
      label={t('facts.owner')}
      htmlFor="project-owner"
      extra={t('edit.ownerHint')}
      {...fieldProblem(problem, '/owner_id')}
    >
      <Select
        id="project-owner"
        value={value}
        loading={!users.complete && !users.error}
        options={(owners ?? []).map(({ id, name }) => ({ value: id, label: name }))}
        onChange={(id: string) => onChange(id)}
        showSearch={{ optionFilterProp: 'label' }}
      />
    </Form.Item>
  );
}

/** Only what changed is sent, so that nobody else's change of another part is undone. */
function changeOf(now: Fields, before: Fields): Schema<'ProjectChange'> {
  return {
    ...(now.name !== before.name && { name: now.name }),
    ...(now.comment !== before.comment && { comment: now.comment || null }),
    ...(now.owner_id !== before.owner_id && { owner_id: now.owner_id }),
    ...(JSON.stringify(now.config) !== JSON.stringify(before.config) && { config: now.config }),
  };
}
