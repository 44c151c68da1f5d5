import { Alert, Flex } from 'antd';
import { Trans, useTranslation } from 'react-i18next';
import { Link } from 'react-router';

import { problemLine } from '../../components/problemText';
import { OutstandingNotice } from '../projects/ProjectNotices';
import { NewVersion } from './TaskActions';
import { versionText } from '../../components/versionText';
import { type TaskView, useVersions } from './useTaskPage';

/** Why the version is read-only, whether there is a newer one, and whether the partner knows the project at all. */
export function TaskNotices({ view }: { view: TaskView }) {
  const { project } = view;
  return (
    <>
      <OutstandingNotice project={project} />
      <NewerVersion view={view} />
      <Locked view={view} />
    </>
  );
}

function Locked({ view }: { view: TaskView }) {
  const { t } = useTranslation('tasks');
  const { lock, task, partner } = view;
  if (!lock || !task.cannot_change) return null;
  return (
    <Alert
      type="info"
      showIcon
      title={lock === 'other' ? problemLine(task.cannot_change) : t(`lock.${lock}`, { partner })}
      description={
        lock === 'paired' && (
          <Flex vertical gap={8} align="flex-start">
            <span>{t('lock.pairedText')}</span>
            {!task.cannot_copy && <NewVersion view={view} />}
          </Flex>
        )
      }
    />
  );
}

function NewerVersion({ view }: { view: TaskView }) {
  const { t } = useTranslation('tasks');
  const { rows } = useVersions(view.task);
  const newest = rows?.[0];
  if (!newest || newest.id === view.task.id) return null;
  return (
    <Alert
      type="warning"
      showIcon
      title={
        <Trans
          t={t}
          i18nKey="newer"
          values={{ version: versionText(newest) }}
          components={{ to: <Link to={`/tasks/${newest.id}`} /> }}
        />
      }
    />
  );
}
