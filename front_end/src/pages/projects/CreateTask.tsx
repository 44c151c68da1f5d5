import { useQuery } from '@tanstack/react-query';
import { App, Button, Collapse, Flex, Form, Input, Radio, Select } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';

import { newKey, type Schema } from '../../api/client';
import { enginesQuery } from '../../api/engines';
import type { Project } from '../../api/projects';
import { useCreateTask } from '../../api/tasks';
import { SAVED } from '../../components/LeaveGuard';
import { CreateDrawer } from '../../components/CreateDrawer';
import { fieldProblem } from '../../components/fieldProblem';
import { ConfigEditor, type Mode } from '../../components/task-config/ConfigEditor';
import { engineOf, enginesFor } from '../../components/task-config/engine';
import type { JsonObject } from '../../components/task-config/jsonObject';
import { suggestToken } from '../tasks/names';
import { ObjectField } from '../../components/task-config/ObjectField';
import { problemsBelow } from '../../components/task-config/problems';
import './projects.css';

interface Fields {
  name: string;
  task_type: Schema<'TaskType'>;
  token?: string;
  engine?: string;
  comment?: string;
}

/** Makes a task. Only name and type are needed; what is left out is asked for by the task's own page, step by step. */
export function CreateTask({ project, onClose }: { project: Project; onClose: () => void }) {
  const { t } = useTranslation(['projects', 'tasks', 'common']);
  const { message } = App.useApp();
  const navigate = useNavigate();
  const [form] = Form.useForm<Fields>();
  const [key] = useState(newKey);
  const [config, setConfig] = useState<JsonObject | null>({});
  const [meta, setMeta] = useState<JsonObject | null>({});
  const [mode, setMode] = useState<Mode>('form');
  const create = useCreateTask(project.id);
  const engines = useQuery(enginesQuery).data;
  // Nothing before the form is there, whatever the types say.
  const watched = Form.useWatch('task_type', form) as Fields['task_type'] | undefined;
  const type = watched ?? 'sample';
  const engineName = Form.useWatch('engine', form);
  const choices = enginesFor(engines, type);
  const engine = engineOf(engines, { task_type: type, engine: engineName ?? null });
  const partner = project.partner_name ?? t('thePartner');

  const submit = async (fields: Fields) => {
    const task = await create.mutateAsync({
      key,
      ...given(fields),
      name: fields.name,
      task_type: fields.task_type,
      // An engine tells what an empty config lacks, and of none at all only that there is none.
      config: config ?? {},
      ...(meta && Object.keys(meta).length > 0 && { meta }),
    });
    void message.success(t('createTask.done', { name: task.name }));
    onClose();
    await navigate(`/tasks/${task.id}`, SAVED);
  };

  return (
    <CreateDrawer<Fields>
      title={t('tasks.new')}
      size={640}
      create={create}
      pointers={['/name', '/task_type', '/token', '/engine', '/comment']}
      valid={config !== null && meta !== null}
      form={form}
      initialValues={{ task_type: 'sample' }}
      onCreate={submit}
      onClose={onClose}
      above={<p className="muted">{t('createTask.text', { partner })}</p>}
      below={
        <Collapse
          ghost
          items={[
            {
              key: 'config',
              label: t('createTask.config'),
              children: (
                <ConfigEditor
                  label={t('tasks:config.title')}
                  schema={engine?.schema}
                  mode={mode}
                  onMode={setMode}
                  value={config}
                  onChange={setConfig}
                  problems={problemsBelow('/config', create.error?.parts ?? [])}
                />
              ),
            },
            {
              key: 'meta',
              label: t('createTask.meta', { partner }),
              children: (
                <ObjectField label={t('tasks:meta.title', { partner })} value={meta} onChange={setMeta} />
              ),
            },
          ]}
        />
      }
    >
      {(first) => (
        <>
          <Form.Item
            name="name"
            label={t('common:field.name')}
            rules={[{ required: true, whitespace: true, message: t('form.nameMissing') }]}
            {...fieldProblem(create.error, '/name')}
          >
            <Input ref={first} maxLength={256} placeholder={t('createTask.nameExample')} />
          </Form.Item>
          <Form.Item
            name="task_type"
            label={t('tasks.type')}
            rules={[{ required: true }]}
            {...fieldProblem(create.error, '/task_type')}
          >
            <Radio.Group className="type-choice">
              {(['sample', 'train'] as const).map((value) => (
                <Radio key={value} value={value}>
                  <strong>{t(`tasks:type.${value}`)}</strong>
                  <div className="muted">{t(`createTask.${value}`)}</div>
                </Radio>
              ))}
            </Radio.Group>
          </Form.Item>
          <Form.Item
            name="token"
            label={t('tasks:token.label')}
            extra={
              <Flex vertical gap={4} align="flex-start">
                <span>{t('tasks:token.hint')}</span>
                <Button
                  size="small"
                  onClick={() =>
                    form.setFieldValue('token', suggestToken(String(form.getFieldValue('name') ?? '')))
                  }
                >
                  {t('tasks:token.suggest')}
                </Button>
              </Flex>
            }
            {...fieldProblem(create.error, '/token')}
          >
            <Input maxLength={256} placeholder={t('tasks:token.example')} />
          </Form.Item>
          {choices.length > 1 && (
            <Form.Item
              name="engine"
              label={t('tasks:config.engine')}
              {...fieldProblem(create.error, '/engine')}
            >
              <Select
                allowClear
                placeholder={t('tasks:config.defaultEngine', {
                  name: choices.find((choice) => choice.default)?.name ?? '–',
                })}
                options={choices.map(({ name }) => ({ value: name, label: name }))}
              />
            </Form.Item>
          )}
          <Form.Item
            name="comment"
            label={t('common:field.comment')}
            {...fieldProblem(create.error, '/comment')}
          >
            <Input.TextArea maxLength={256} autoSize={{ minRows: 2, maxRows: 6 }} />
          </Form.Item>
        </>
      )}
    </CreateDrawer>
  );
}

/** Only what was filled in. */
function given({ token, engine, comment }: Fields): Partial<Fields> {
  const word = token?.trim();
  return { ...(word && { token: word }), ...(engine && { engine }), ...(comment && { comment }) };
}
