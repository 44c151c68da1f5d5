import { App, Button, Flex, Form, Input, Select } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { objectsQuery } from '../../api/objects';
import { useAttachResource } from '../../api/resources';
import { besides, fieldProblem } from '../../components/fieldProblem';
import { Problem } from '../../components/Problem';
import { bytesText } from '../../components/time';
import { useAllRows } from '../../components/useAllRows';
import { freeName } from './names';
import type { TaskView } from './useTaskPage';

/** Attaches a file that the console has already, for example what a join wrote. */
export function AttachExisting({ view, taken }: { view: TaskView; taken: readonly string[] }) {
  const { t, i18n } = useTranslation('tasks');
  const { message } = App.useApp();
  const objects = useAllRows(objectsQuery());
  const attach = useAttachResource(view.task.id);
  const [uri, setUri] = useState<string>();
  const [typed, setName] = useState<string>();
  const name = typed ?? freeName('table', taken);

  const submit = async () => {
    if (uri === undefined) return;
    await attach.mutateAsync({ name: name.trim(), uri });
    void message.success(t('upload.done', { name: name.trim() }));
    setUri(undefined);
    setName(undefined);
  };

  return (
    <Form layout="vertical" className="upload-form" onFinish={() => void submit().catch(() => undefined)}>
      <Flex gap={16} wrap>
        <Form.Item
          className="upload-field"
          label={t('existing.object')}
          htmlFor="existing-object"
          extra={t('existing.hint')}
          {...fieldProblem(attach.error, '/uri')}
        >
          <Select
            id="existing-object"
            value={uri ?? null}
            onChange={(value: string) => setUri(value)}
            loading={!objects.complete && !objects.error}
            notFoundContent={t('existing.none')}
            showSearch={{ optionFilterProp: 'search' }}
            options={(objects.rows ?? []).map((object) => ({
              value: object.uri,
              search: object.name,
              label: `${object.name} (${bytesText(object.size, i18n.language)})`,
            }))}
          />
        </Form.Item>
        <Form.Item
          className="upload-field"
          label={t('upload.name')}
          htmlFor="existing-name"
          extra={t('upload.nameHint')}
          {...fieldProblem(attach.error, '/name')}
        >
          <Input
            id="existing-name"
            value={name}
            maxLength={256}
            onChange={(event) => setName(event.target.value)}
          />
        </Form.Item>
      </Flex>
      <Problem error={objects.error} onRetry={() => void objects.refetch()} />
      <Problem error={besides(attach.error, ['/name', '/uri'])} />
      <Button
        type="primary"
        htmlType="submit"
        loading={attach.isPending}
        disabled={uri === undefined || !name.trim()}
      >
        {t('existing.submit')}
      </Button>
    </Form>
  );
}
