import { useQuery } from '@tanstack/react-query';
import { Button, Card, Flex, Modal, Tag } from 'antd';
import { useTranslation } from 'react-i18next';
import { Link, useSearchParams } from 'react-router';

import { type Task, taskQuery } from '../../api/tasks';
import { JsonCompare } from '../../components/JsonCompare';
import { Loading } from '../../components/Loading';
import { Problem } from '../../components/Problem';
import { Time } from '../../components/Time';
import { titleOf } from '../../components/schemaTexts';
import { versionText } from '../../components/versionText';
import { engineOf } from '../../components/task-config/engine';
import { PairingTag } from './PairingTag';
import { type TaskView, useEngines, useVersions } from './useTaskPage';

/** The task's versions, newest first, each with what it changed; any other one can be compared with this one. */
export function VersionsCard({ view: { task } }: { view: TaskView }) {
  const { t } = useTranslation('tasks');
  const versions = useVersions(task);
  const [search, setSearch] = useSearchParams();
  const { rows } = versions;
  const other = rows?.find(({ id }) => id === search.get('compare'));
  const compare = (id: string | undefined) =>
    setSearch(
      (now) => {
        if (id === undefined) now.delete('compare');
        else now.set('compare', id);
        return now;
      },
      { replace: id === undefined, preventScrollReset: true },
    );
  return (
    <Card title={t('versions.title')} className="task-card">
      {!rows && !versions.error && <Loading rows={2} />}
      <Problem error={versions.error} onRetry={() => void versions.refetch()} />
      <ul className="task-list" aria-label={t('versions.title')}>
        {rows?.map((version) => (
          <Version
            key={version.id}
            version={version}
            current={version.id === task.id}
            onCompare={() => compare(version.id)}
          />
        ))}
      </ul>
      {other && <Comparison task={task} id={other.id} onClose={() => compare(undefined)} />}
    </Card>
  );
}

interface VersionProps {
  version: Task;
  current: boolean;
  onCompare: () => void;
}

function Version({ version, current, onCompare }: VersionProps) {
  const { t } = useTranslation(['tasks', 'components']);
  return (
    <li aria-current={current ? 'page' : undefined}>
      <Flex justify="space-between" align="center" gap="4px 8px" wrap>
        {current ? (
          <strong>{versionText(version)}</strong>
        ) : (
          <Link to={`/tasks/${version.id}`}>{versionText(version)}</Link>
        )}
        <Flex gap={4}>
          {version.archived_at && <Tag>{t('components:archive.tag')}</Tag>}
          <PairingTag pairing={version.pairing} />
        </Flex>
      </Flex>
      <Flex justify="space-between" align="center" gap={8} wrap>
        <span className="muted">
          <Changes version={version} /> · <Time at={version.created_at} />
        </span>
        {!current && (
          <Button type="link" size="small" onClick={onCompare}>
            {t('versions.compare')}
          </Button>
        )}
      </Flex>
    </li>
  );
}

/** In a line, which keys a version changed. */
function Changes({ version }: { version: Task }) {
  const { changed_keys: keys, root } = version;
  const { t, i18n } = useTranslation('tasks');
  const schema = engineOf(useEngines().data, version)?.schema;
  if (!keys) return <>{t(root ? 'versions.first' : 'versions.unknown')}</>;
  if (keys.length === 0) return <>{t('versions.unchanged')}</>;
  const labels = keys.map((key) => titleOf(schema, key, i18n.language));
  const shown = labels.slice(0, 3).join(', ');
  return (
    <>
      {labels.length > 3
        ? t('versions.changedMore', { keys: shown, count: labels.length - 3 })
        : t('versions.changed', { keys: shown })}
    </>
  );
}

function Comparison({ task, id, onClose }: { task: Task; id: string; onClose: () => void }) {
  const other = useQuery(taskQuery(id)).data;
  return other && <Compared task={task} other={other} onClose={onClose} />;
}

function Compared({ task, other, onClose }: { task: Task; other: Task; onClose: () => void }) {
  const { t } = useTranslation(['tasks', 'common']);
  const [left, right] = other.version < task.version ? [other, task] : [task, other];
  const part = (title: string, of: 'config' | 'meta') => (
    <section>
      <h2 className="version-part">{title}</h2>
      <JsonCompare
        label={title}
        left={{ label: versionText(left), value: left[of] }}
        right={{ label: versionText(right), value: right[of] }}
      />
    </section>
  );
  return (
    <Modal
      open
      width={860}
      title={t('versions.comparison', { left: versionText(left), right: versionText(right) })}
      footer={<Button onClick={onClose}>{t('common:action.close')}</Button>}
      onCancel={onClose}
    >
      {part(t('versions.config'), 'config')}
      {part(t('versions.meta'), 'meta')}
    </Modal>
  );
}
