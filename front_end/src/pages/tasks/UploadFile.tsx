import { InboxOutlined } from '@ant-design/icons';
import { App, Button, Flex, Form, Input, Progress, Upload } from 'antd';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';

import { ApiError } from '../../api/error';
import { useUpload } from '../../api/objects';
import { useAttachResource } from '../../api/resources';
import { fieldProblem } from '../../components/fieldProblem';
import { Icon } from '../../components/Icon';
import { Problem } from '../../components/Problem';
import { bytesText } from '../../components/time';
import { freeName } from './names';
import { ObjectExists } from './ObjectExists';
import type { TaskView } from './useTaskPage';

interface Props {
  view: TaskView;
  /** Names of what is attached. */
  taken: readonly string[];
}

/** Uploads a file and attaches it to the version. */
export function UploadFile({ view, taken }: Props) {
  const { t } = useTranslation(['tasks', 'common']);
  const [file, setFile] = useState<File>();
  if (file)
    return <Chosen key={file.name} view={view} taken={taken} file={file} onDone={() => setFile(undefined)} />;
  return (
    <Upload.Dragger
      multiple={false}
      showUploadList={false}
      beforeUpload={(chosen) => {
        setFile(chosen);
        return false;
      }}
    >
      <Icon of={InboxOutlined} className="upload-icon" />
      <p>{t('upload.choose')}</p>
      <p className="muted">{t('upload.chooseHint')}</p>
    </Upload.Dragger>
  );
}

/** A file that was chosen: under which names it is stored and attached, and how far its way is. */
function Chosen({ view, taken, file, onDone }: Props & { file: File; onDone: () => void }) {
  const { t, i18n } = useTranslation(['tasks', 'common']);
  const { message } = App.useApp();
  const [object, setObject] = useState(file.name);
  const [name, setName] = useState(() => freeName('table', taken));
  const [sent, setSent] = useState(0);
  const upload = useUpload();
  const attach = useAttachResource(view.task.id);
  const stop = useRef<AbortController>(null);
  useEffect(() => () => stop.current?.abort(), []);

  const attachIt = async (uri: string) => {
    await attach.mutateAsync({ name: name.trim(), uri });
    void message.success(t('upload.done', { name: name.trim() }));
    onDone();
  };
  const send = async (replace: boolean) => {
    stop.current = new AbortController();
    setSent(0);
    const stored = await upload.mutateAsync({
      name: object.trim(),
      file,
      replace,
      onProgress: (bytes, total) => setSent(total > 0 ? bytes / total : 0),
      signal: stop.current.signal,
    });
    await attachIt(stored.uri);
  };
  // What is stored already is only attached when the first attempt got no further.
  const submit = (replace = false) => {
    const stored = upload.data?.name === object.trim() ? upload.data : undefined;
    void (stored ? attachIt(stored.uri) : send(replace)).catch(() => undefined);
  };
  const exists = upload.error?.code === 'object_exists';
  const aborted = upload.error?.code === 'aborted';
  const busy = upload.isPending || attach.isPending;

  return (
    <Form layout="vertical" onFinish={() => submit()} className="upload-form">
      <Flex gap={8} align="baseline" wrap className="task-breakable">
        <strong>{file.name}</strong>
        <span className="muted">{bytesText(file.size, i18n.language)}</span>
      </Flex>
      <Flex gap={16} wrap>
        <Form.Item
          className="upload-field"
          label={t('upload.name')}
          htmlFor="resource-name"
          extra={t('upload.nameHint')}
          {...fieldProblem(attach.error, '/name')}
        >
          <Input
            id="resource-name"
            value={name}
            maxLength={256}
            disabled={busy}
            onChange={(event) => setName(event.target.value)}
          />
        </Form.Item>
        <Form.Item
          className="upload-field"
          label={t('upload.object')}
          htmlFor="object-name"
          extra={t('upload.objectHint')}
        >
          <Input
            id="object-name"
            value={object}
            disabled={busy}
            onChange={(event) => {
              setObject(event.target.value);
              upload.reset();
            }}
          />
        </Form.Item>
      </Flex>
      {upload.isPending && (
        <Progress percent={Math.floor(sent * 100)} aria-label={t('upload.progress', { name: file.name })} />
      )}
      {exists && (
        <ObjectExists
          name={object.trim()}
          onUse={(uri) => void attachIt(uri).catch(() => undefined)}
          onReplace={() => submit(true)}
        />
      )}
      {!exists && !aborted && <Problem error={upload.error ?? otherThanName(attach.error)} />}
      <Flex gap={8} wrap>
        <Button
          type="primary"
          htmlType="submit"
          loading={busy}
          disabled={!name.trim() || !object.trim() || exists}
        >
          {t('upload.submit')}
        </Button>
        <Button
          onClick={() => {
            stop.current?.abort();
            onDone();
          }}
        >
          {t('common:action.cancel')}
        </Button>
      </Flex>
    </Form>
  );
}

function otherThanName(error: ApiError | null): ApiError | null {
  return error && fieldProblem(error, '/name').help === undefined ? error : null;
}
