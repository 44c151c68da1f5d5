import { useQuery } from '@tanstack/react-query';
import { App, Alert, Button, Flex } from 'antd';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';

import { newKey } from '../../api/client';
import { enginesQuery } from '../../api/engines';
import { type Instance } from '../../api/instances';
import { type Task, taskQuery, useChangeTask, useNewVersion } from '../../api/tasks';
import { ApiError } from '../../api/error';
import { FormDrawer } from '../../components/FormDrawer';
import { SAVED } from '../../components/LeaveGuard';
import { isObject, sameJson } from '../../components/jsonDiff';
import { Loaded } from '../../components/Loaded';
import { Loading } from '../../components/Loading';
import { Problem } from '../../components/Problem';
import { ConfigEditor, type Mode } from '../../components/task-config/ConfigEditor';
import { versionText } from '../../components/versionText';
import { engineOf } from '../../components/task-config/engine';
import { asObject, type JsonObject } from '../../components/task-config/jsonObject';
import { problemsBelow } from '../../components/task-config/problems';
import { useRunName } from './useRunName';

interface Props {
  run: Instance;
  onClose: () => void;
}

/** Makes a new version of the run's task with a changed config, and goes to it: there it is paired and run. */
export default function CloneDrawer({ run, onClose }: Props) {
  const { t } = useTranslation(['run', 'common']);
  const name = useRunName();
  const task = useQuery(taskQuery(run.task_id));
  const [dirty, setDirty] = useState(false);
  return (
    <FormDrawer title={t('clone.title', { run: name(run) })} size="large" dirty={dirty} onClose={onClose}>
      <Loaded query={task} rows={8}>
        {(task) => <Clone task={task} onDirty={setDirty} onClose={onClose} />}
      </Loaded>
    </FormDrawer>
  );
}

interface CloneProps {
  task: Task;
  onDirty: (dirty: boolean) => void;
  onClose: () => void;
}

function Clone({ task, onDirty, onClose }: CloneProps) {
  const { t } = useTranslation(['run', 'common']);
  const [config, setConfig] = useState<JsonObject | null>(asObject(task.config));
  const [mode, setMode] = useState<Mode>('form');
  const engines = useQuery(enginesQuery);
  const make = useMakeVersion(task);
  const unchanged = config !== null && sameJson(config, asObject(task.config));
  if (engines.isPending) return <Loading rows={8} />;
  return (
    <Flex vertical gap={16}>
      <Alert type="info" showIcon title={t('clone.what')} description={t('clone.then')} />
      <ConfigEditor
        label={t('clone.config')}
        schema={engineOf(engines.data, task)?.schema}
        mode={mode}
        onMode={setMode}
        value={config}
        onChange={(next) => {
          setConfig(next);
          onDirty(next === null || !sameJson(next, asObject(task.config)));
        }}
        problems={problemsBelow('/config', make.error?.parts ?? [])}
      />
      <Problem error={make.error} />
      <Flex gap={8} justify="end" align="center" wrap>
        <span className="muted" aria-live="polite">
          {config === null ? t('clone.noObject') : unchanged && t('clone.unchanged')}
        </span>
        <Button onClick={onClose}>{t('common:action.cancel')}</Button>
        <Button
          type="primary"
          loading={make.pending}
          disabled={config === null}
          onClick={() => config && void make.begin(config)}
        >
          {t('clone.make')}
        </Button>
      </Flex>
    </Flex>
  );
}

/**
 * Two requests: a version, which is a copy of the newest one, and then config and meta of the one that was run. When the
 * second fails, trying again goes on with the version that was made already.
 */
function useMakeVersion(task: Task) {
  const { t } = useTranslation(['run', 'common']);
  const { message } = App.useApp();
  const navigate = useNavigate();
  const version = useNewVersion();
  const change = useChangeTask();
  const made = useRef<Task>(undefined);
  const [key] = useState(newKey);
  const [error, setError] = useState<ApiError>();

  const begin = async (config: JsonObject) => {
    setError(undefined);
    try {
      made.current ??= await version.mutateAsync({ id: task.id, key });
      const meta = isObject(task.meta) ? task.meta : null;
      const changed = await change.mutateAsync({ task: made.current, change: { config, meta } });
      void navigate(`/tasks/${changed.id}`, SAVED);
      void message.success(t('clone.done', { task: changed.name, version: versionText(changed) }));
    } catch (thrown) {
      setError(ApiError.from(thrown));
    }
  };
  return { begin, error, pending: version.isPending || change.isPending };
}
