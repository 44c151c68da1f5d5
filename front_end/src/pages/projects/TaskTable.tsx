import { PlusOutlined } from '@ant-design/icons';
import { Button, Flex, Tag } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';

import type { Project } from '../../api/projects';
import { type TaskSummary, tasksQuery } from '../../api/tasks';
import { useRights } from '../../app/rights';
import { ArchiveSwitch } from '../../components/ArchiveSwitch';
import { CursorTable } from '../../components/CursorTable';
import { Empty } from '../../components/Empty';
import { Icon } from '../../components/Icon';
import { versionText } from '../../components/versionText';
import { Time } from '../../components/Time';
import { PairingTag } from '../tasks/PairingTag';
import { TaskTypeTag } from '../../components/TaskTypeTag';

/** The tasks of a project, each with its newest version. */
export function TaskTable({ project, onCreate }: { project: Project; onCreate: () => void }) {
  const { t } = useTranslation(['projects', 'common', 'components']);
  const [archived, setArchived] = useState(false);
  return (
    <Flex vertical gap={12}>
      <ArchiveSwitch checked={archived} onChange={setArchived} />
      <CursorTable<TaskSummary>
        label={t('tasks.title')}
        query={tasksQuery(project.id, archived)}
        rowKey={({ root }) => root.id}
        empty={<NoTasks project={project} onCreate={onCreate} />}
        columns={[
          {
            title: t('common:field.name'),
            key: 'name',
            render: (_, summary) => (
              <Flex gap={8} align="center">
                <Link to={`/tasks/${newestOf(summary).id}`}>{summary.root.name}</Link>
                {summary.root.archived_at && <Tag>{t('components:archive.tag')}</Tag>}
              </Flex>
            ),
          },
          {
            title: t('tasks.type'),
            key: 'type',
            render: (_, { root }) => <TaskTypeTag type={root.task_type} />,
          },
          {
            title: t('tasks.token'),
            key: 'token',
            render: (_, { root }) =>
              root.token ? <code>{root.token}</code> : <span className="muted">{t('tasks.noToken')}</span>,
          },
          {
            title: t('tasks.pairing'),
            key: 'pairing',
            render: (_, summary) => <PairingTag pairing={newestOf(summary).pairing} />,
          },
          {
            title: t('tasks.version'),
            key: 'version',
            render: (_, summary) => (
              <>
                {versionText(newestOf(summary))}{' '}
                {summary.versions > 1 && <Tag>{t('tasks.versions', { count: summary.versions })}</Tag>}
              </>
            ),
          },
          {
            title: t('common:field.changed'),
            key: 'changed',
            render: (_, summary) => <Time at={newestOf(summary).modified_at} />,
          },
        ]}
      />
    </Flex>
  );
}

function newestOf({ root, newest }: TaskSummary) {
  return newest ?? root;
}

function NoTasks({ project, onCreate }: { project: Project; onCreate: () => void }) {
  const { t } = useTranslation('projects');
  const { createTasks } = useRights();
  if (project.status === 'archive') return <Empty text={t('tasks.emptyArchived')} />;
  if (!createTasks) return <Empty text={t('tasks.emptyForbidden')} />;
  return (
    <Empty text={t('tasks.empty', { partner: project.partner_name ?? t('thePartner') })}>
      <Button type="primary" icon={<Icon of={PlusOutlined} />} onClick={onCreate}>
        {t('tasks.new')}
      </Button>
    </Empty>
  );
}
