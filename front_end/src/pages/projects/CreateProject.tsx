import { App, Form, Input, Select } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';

import { newKey } from '../../api/client';
import { type Partner, partnersQuery } from '../../api/partners';
import { useCreateProject } from '../../api/projects';
import { SAVED } from '../../components/LeaveGuard';
import { CreateDrawer } from '../../components/CreateDrawer';
import { fieldProblem } from '../../components/fieldProblem';
import { Problem } from '../../components/Problem';
import { useAllRows } from '../../components/useAllRows';
import { ObjectField } from '../../components/task-config/ObjectField';
import type { JsonObject } from '../../components/task-config/jsonObject';

interface Fields {
  name: string;
  partner_id: string;
  comment?: string;
}

/** Begins a project with a partner, in one form. */
export function CreateProject({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation(['projects', 'common']);
  const { message } = App.useApp();
  const navigate = useNavigate();
  const create = useCreateProject();
  const [key] = useState(newKey);
  const [config, setConfig] = useState<JsonObject | null>({});
  const partners = useAllRows(partnersQuery());
  const usable = partners.rows?.filter(isUsable) ?? [];

  const submit = async ({ name, partner_id, comment }: Fields) => {
    const filled = config && Object.keys(config).length > 0;
    const body = { name, partner_id, ...(comment && { comment }), ...(filled && { config }) };
    const project = await create.mutateAsync({ key, ...body });
    void message.success(t('create.done', { name: project.name, partner: project.partner_name }));
    onClose();
    await navigate(`/projects/${project.id}`, SAVED);
  };

  return (
    <CreateDrawer<Fields>
      title={t('new')}
      create={create}
      pointers={['/name', '/partner_id', '/comment', '/config']}
      valid={config !== null}
      onCreate={submit}
      onClose={onClose}
      below={<Problem error={partners.error} onRetry={() => void partners.refetch()} />}
    >
      {(first) => (
        <>
          <Form.Item
            name="name"
            label={t('common:field.name')}
            rules={[{ required: true, whitespace: true, message: t('form.nameMissing') }]}
            {...fieldProblem(create.error, '/name')}
          >
            <Input ref={first} maxLength={256} placeholder={t('create.nameExample')} />
          </Form.Item>
          <Form.Item
            name="partner_id"
            label={t('common:field.partner')}
            extra={t('create.partnerHint')}
            rules={[{ required: true, message: t('create.partnerMissing') }]}
            {...fieldProblem(create.error, '/partner_id')}
            {...(usable.length === 1 && { initialValue: usable[0]?.id })}
            key={usable.length}
          >
            <Select
              loading={!partners.complete && !partners.error}
              notFoundContent={t('create.noPartner')}
              options={usable.map((partner) => ({ value: partner.id, label: partner.name }))}
              showSearch={{ optionFilterProp: 'label' }}
            />
          </Form.Item>
          <Form.Item
            name="comment"
            label={t('common:field.comment')}
            {...fieldProblem(create.error, '/comment')}
          >
            <Input.TextArea maxLength={256} autoSize={{ minRows: 2, maxRows: 6 }} />
          </Form.Item>
          <Form.Item
            label={t('config.field')}
            extra={t('create.configHint')}
            {...fieldProblem(create.error, '/config')}
          >
            <ObjectField label={t('config.field')} value={config} onChange={setConfig} />
          </Form.Item>
        </>
      )}
    </CreateDrawer>
  );
}

/** Whether a project can be begun with a partner; one that has not answered yet is told later. */
function isUsable({ trust }: Partner): boolean {
  return trust === 'paired' || trust === 'base' || trust === 'pending';
}
