import { useQuery } from '@tanstack/react-query';
import { Flex, Tag } from 'antd';
import { useTranslation } from 'react-i18next';
import { useParams } from 'react-router';

import { type Project, projectQuery } from '../../api/projects';
import { type Task, taskQuery } from '../../api/tasks';
import { Loaded } from '../../components/Loaded';
import { PageHeader } from '../../components/PageHeader';
import { exactTime } from '../../components/time';
import { versionText } from '../../components/versionText';
import { ConfigCard } from './ConfigCard';
import { DataCard } from './DataCard';
import { FactsCard } from './FactsCard';
import { Guide } from './Guide';
import { MetaCard } from './MetaCard';
import { PairingCard } from './PairingCard';
import { PairingTag } from './PairingTag';
import { RunsCard } from './RunsCard';
import { TaskActions } from './TaskActions';
import { TaskNotices } from './TaskNotices';
import { TaskTypeTag } from '../../components/TaskTypeTag';
import { taskViewOf } from './useTaskPage';
import { VersionsCard } from './VersionsCard';
import './tasks.css';

/** One version of a task: from its data to its runs, in the order in which they come. */
export default function TaskPage() {
  const { id = '' } = useParams();
  const task = useQuery(taskQuery(id));
  return <Loaded query={task}>{(task) => <OfProject task={task} />}</Loaded>;
}

function OfProject({ task }: { task: Task }) {
  const project = useQuery(projectQuery(task.project_id));
  return (
    <Loaded query={project}>{(project) => <Version key={task.id} task={task} project={project} />}</Loaded>
  );
}

function Version({ task, project }: { task: Task; project: Project }) {
  const { t, i18n } = useTranslation(['tasks', 'projects', 'components', 'common']);
  const partner = project.partner_name ?? t('projects:thePartner');
  const view = taskViewOf(task, project, partner);
  return (
    <>
      <PageHeader
        title={task.name}
        trail={[
          { title: t('projects:title'), to: '/projects' },
          { title: project.name ?? t('common:unnamed'), to: `/projects/${project.id}` },
        ]}
        tags={
          <Flex gap={4} align="center" wrap>
            <TaskTypeTag type={task.task_type} />
            <PairingTag pairing={task.pairing} />
            {task.archived_at && <Tag>{t('components:archive.tag')}</Tag>}
            <span className="muted" title={exactTime(task.created_at, i18n.language)}>
              {versionText(task)}
            </span>
          </Flex>
        }
        subtitle={task.comment}
        actions={<TaskActions view={view} />}
      />
      <Flex vertical gap={16}>
        <TaskNotices view={view} />
        <Guide view={view} />
        <div className="task-columns">
          <Flex vertical gap={16} className="task-main">
            <DataCard view={view} />
            <ConfigCard view={view} />
            <MetaCard view={view} />
            <PairingCard view={view} />
          </Flex>
          <Flex vertical gap={16} className="task-side">
            <RunsCard view={view} />
            <VersionsCard view={view} />
            <FactsCard view={view} />
          </Flex>
        </div>
      </Flex>
    </>
  );
}
