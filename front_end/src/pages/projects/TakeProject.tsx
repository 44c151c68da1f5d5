import { App, Form, Input, Modal } from 'antd';
import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';

import { type Project, useChangeProject } from '../../api/projects';
import { useMe } from '../../api/session';
import { besides, fieldProblem } from '../../components/fieldProblem';
import { JsonCompare } from '../../components/JsonCompare';
import { Problem } from '../../components/Problem';
import { useFirstFocus } from '../../components/useFirstFocus';

import './projects.css';

interface Fields {
  name: string;
  comment?: string;
}

/** Gives a project that the partner began a name here, and makes who does it its owner. */
export function TakeProject({ project, onClose }: { project: Project; onClose: () => void }) {
  const { t } = useTranslation(['projects', 'common']);
  const { message } = App.useApp();
  const navigate = useNavigate();
  const me = useMe();
  const id = useId();
  const { ref, afterOpenChange } = useFirstFocus();
  const take = useChangeProject();
  const partner = project.partner_name ?? t('thePartner');

  const submit = async ({ name, comment }: Fields) => {
    const change = { name, owner_id: me.id, ...(comment && { comment }) };
    const taken = await take.mutateAsync({ project, change });
    void message.success(t('take.done', { name: taken.name }));
    onClose();
    await navigate(`/projects/${taken.id}`);
  };

  return (
    <Modal
      open
      afterOpenChange={afterOpenChange}
      title={t('take.title', { partner })}
      okText={t('take.action')}
      cancelText={t('common:action.cancel')}
      okButtonProps={{ htmlType: 'submit', form: id, loading: take.isPending }}
      onCancel={onClose}
    >
      <p>{t('take.text', { partner, me: me.name })}</p>
      <JsonCompareOfTheirs project={project} partner={partner} />
      <Form<Fields>
        id={id}
        layout="vertical"
        onFinish={(fields) => void submit(fields).catch(() => undefined)}
        requiredMark={false}
      >
        <Form.Item
          name="name"
          label={t('common:field.name')}
          extra={t('take.nameHint')}
          rules={[{ required: true, whitespace: true, message: t('form.nameMissing') }]}
          {...fieldProblem(take.error, '/name')}
        >
          <Input ref={ref} maxLength={256} />
        </Form.Item>
        <Form.Item
          name="comment"
          label={`${t('common:field.comment')} (${t('common:optional')})`}
          {...fieldProblem(take.error, '/comment')}
        >
          <Input.TextArea maxLength={256} autoSize={{ minRows: 2, maxRows: 6 }} />
        </Form.Item>
      </Form>
      <Problem error={besides(take.error, ['/name', '/comment'])} />
    </Modal>
  );
}

function JsonCompareOfTheirs({ project, partner }: { project: Project; partner: string }) {
  const { t } = useTranslation('projects');
  if (!project.peer_config) return null;
  return (
    <div className="take-config">
      <JsonCompare
        label={t('config.title')}
        left={{ label: t('config.ours'), value: project.config }}
        right={{ label: t('config.theirs', { partner }), value: project.peer_config }}
      />
    </div>
  );
}
