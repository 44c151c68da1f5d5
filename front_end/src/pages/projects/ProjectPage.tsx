import { EditOutlined, PlusOutlined } from '@ant-design/icons';
import { useQuery } from '@tanstack/react-query';
import { App, Button, Card, Flex } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate, useParams } from 'react-router';

import { type Project, projectQuery, useArchiveProject, useDeleteProject } from '../../api/projects';
import { useMe } from '../../api/session';
import { rightsOf } from '../../app/rights';
import { ConfirmButton } from '../../components/ConfirmButton';
import { Icon } from '../../components/Icon';
import { JsonCompare } from '../../components/JsonCompare';
import { Loaded } from '../../components/Loaded';
import { PageHeader } from '../../components/PageHeader';
import { Time } from '../../components/Time';
import { CheckConnection } from './CheckConnection';
import { CreateTask } from './CreateTask';
import { EditProject } from './EditProject';
import { ProjectFacts } from './ProjectFacts';
import { ProjectNotices } from './ProjectNotices';
import { ProjectState } from './ProjectState';
import { TaskTable } from './TaskTable';
import './projects.css';

/** One project: its tasks, both sides' configs, and how far the partner knows of it. */
export default function ProjectPage() {
  const { id = '' } = useParams();
  const project = useQuery(projectQuery(id));
  return <Loaded query={project}>{(project) => <ProjectView key={project.id} project={project} />}</Loaded>;
}

function ProjectView({ project }: { project: Project }) {
  const { t } = useTranslation(['projects', 'common']);
  const me = useMe();
  const { manageProjects, createTasks } = rightsOf(me);
  const [open, setOpen] = useState<'edit' | 'task'>();
  const partner = project.partner_name ?? t('thePartner');
  const title = project.name ?? t('fresh.from', { partner });
  const closed = project.status === 'archive';
  const close = () => setOpen(undefined);

  return (
    <>
      <PageHeader
        title={title}
        trail={[{ title: t('title'), to: '/projects' }]}
        tags={<ProjectState project={project} />}
        subtitle={project.comment}
        actions={
          <>
            {!closed && <CheckConnection project={project} />}
            {manageProjects && !closed && (
              <Button icon={<Icon of={EditOutlined} />} onClick={() => setOpen('edit')}>
                {t('common:action.edit')}
              </Button>
            )}
            {manageProjects && !closed && <Archive project={project} title={title} />}
            {manageProjects && closed && <Delete project={project} title={title} />}
          </>
        }
      />
      <Flex vertical gap={24}>
        <ProjectNotices project={project} />
        <Card
          title={t('tasks.title')}
          extra={
            createTasks &&
            !closed && (
              <Button type="primary" icon={<Icon of={PlusOutlined} />} onClick={() => setOpen('task')}>
                {t('tasks.new')}
              </Button>
            )
          }
        >
          <TaskTable project={project} onCreate={() => setOpen('task')} />
        </Card>
        <Card title={t('config.title')}>
          <p className="muted project-text">{t('config.text', { partner })}</p>
          <JsonCompare
            label={t('config.title')}
            left={{ label: t('config.ours'), value: project.config }}
            right={{ label: t('config.theirs', { partner }), value: project.peer_config }}
          />
          {project.peer_config_at && (
            <p className="muted">
              {t('config.told', { partner })} <Time at={project.peer_config_at} />
            </p>
          )}
        </Card>
        <Card title={t('facts.title')}>
          <ProjectFacts project={project} />
        </Card>
      </Flex>
      {open === 'edit' && <EditProject project={project} onClose={close} />}
      {open === 'task' && <CreateTask project={project} onClose={close} />}
    </>
  );
}

function Archive({ project, title }: { project: Project; title: string }) {
  const { t } = useTranslation('projects');
  const archive = useArchiveProject();
  const partner = project.partner_name ?? t('thePartner');
  return (
    <ConfirmButton
      question={t('archive.question', { name: title })}
      consequence={t('archive.consequence', { partner })}
      onConfirm={() => archive.mutateAsync(project)}
    >
      {t('archive.action')}
    </ConfirmButton>
  );
}

function Delete({ project, title }: { project: Project; title: string }) {
  const { t } = useTranslation(['projects', 'common']);
  const { message } = App.useApp();
  const navigate = useNavigate();
  const remove = useDeleteProject();
  const submit = async () => {
    await remove.mutateAsync(project.id);
    void message.success(t('delete.done', { name: title }));
    await navigate('/projects');
  };
  return (
    <ConfirmButton
      question={t('delete.question', { name: title })}
      consequence={t('delete.consequence', { count: project.tasks })}
      onConfirm={submit}
    >
      {t('common:action.delete')}
    </ConfirmButton>
  );
}
