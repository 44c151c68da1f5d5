import { App, Button, Form, Input, Select } from 'antd';
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';

import { newKey } from '../../api/client';
import { type Partner, partnersQuery } from '../../api/partners';
import { useCreateProject } from '../../api/projects';
import { SAVED } from '../../components/LeaveGuard';
import { besides, fieldProblem } from '../../components/fieldProblem';
import { FormDrawer } from '../../components/FormDrawer';
import { Problem } from '../../components/Problem';
import { useFirstFocus } from '../../components/useFirstFocus';
import { useAllRows } from '../../components/useAllRows';
import { ObjectField } from '../tasks/ObjectField';
import type { JsonObject } from '../tasks/jsonObject';

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
  const id = useId();
  const { ref, afterOpenChange } = useFirstFocus();
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
    <FormDrawer
      afterOpenChange={afterOpenChange}
      title={t('new')}
      size={560}
      onClose={onClose}
      submit={
        <Button
          type="primary"
          htmlType="submit"
          form={id}
          loading={create.isPending}
          disabled={config === null}
        >
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
          label={t('common:field.name')}
          rules={[{ required: true, whitespace: true, message: t('form.nameMissing') }]}
          {...fieldProblem(create.error, '/name')}
        >
          <Input ref={ref} maxLength={256} placeholder={t('create.nameExample')} />
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
      </Form>
      <Problem error={partners.error} onRetry={() => void partners.refetch()} />
      <Problem error={besides(create.error, ['/name', '/partner_id', '/comment', '/config'])} />
    </FormDrawer>
  );
}

/** Whether a project can be begun with a partner; one that has not answered yet is told later. */
function isUsable({ trust }: Partner): boolean {
  return trust === 'paired' || trust === 'base' || trust === 'pending';
}
