import { PlusOutlined } from '@ant-design/icons';
import { useQuery } from '@tanstack/react-query';
import { Button, Flex } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';

import type { Schema } from '../../api/client';
import { instanceQuery } from '../../api/instances';
import { partnersQuery } from '../../api/partners';
import { type Project, projectsQuery } from '../../api/projects';
import { useRights } from '../../app/rights';
import { ArchiveSwitch } from '../../components/ArchiveSwitch';
import { CursorTable } from '../../components/CursorTable';
import { Empty } from '../../components/Empty';
import { Icon } from '../../components/Icon';
import { PageHeader } from '../../components/PageHeader';
import { StatusTag } from '../../components/StatusTag';
import { Time } from '../../components/Time';
import { useAllRows } from '../../components/useAllRows';
import { CreateProject } from './CreateProject';
import { NewFromPartner } from './NewFromPartner';
import { ProjectState } from './ProjectState';
import { isTaken } from './taken';

/** The cooperations with partners; those that a partner began and nobody here has taken yet stand first. */
export default function ProjectsPage() {
  const { t } = useTranslation(['projects', 'common']);
  const { manageProjects } = useRights();
  const [creating, setCreating] = useState(false);
  const [archived, setArchived] = useState(false);
  return (
    <>
      <PageHeader
        title={t('title')}
        subtitle={t('subtitle')}
        actions={
          manageProjects && (
            <Button type="primary" icon={<Icon of={PlusOutlined} />} onClick={() => setCreating(true)}>
              {t('new')}
            </Button>
          )
        }
      />
      <Flex vertical gap={24}>
        <NewFromPartner />
        <ArchiveSwitch checked={archived} onChange={setArchived} />
        <ProjectTable archived={archived} onCreate={() => setCreating(true)} />
      </Flex>
      {creating && <CreateProject onClose={() => setCreating(false)} />}
    </>
  );
}

function ProjectTable({ archived, onCreate }: { archived: boolean; onCreate: () => void }) {
  const { t } = useTranslation(['projects', 'common']);
  return (
    <CursorTable<Project>
      label={t('title')}
      query={projectsQuery(archived)}
      filter={isTaken}
      empty={<NoProjects onCreate={onCreate} />}
      columns={[
        {
          title: t('common:field.name'),
          key: 'name',
          render: (_, project) => (
            <Flex vertical>
              <Link to={`/projects/${project.id}`}>{project.name ?? t('common:unnamed')}</Link>
              {project.comment && <span className="muted">{project.comment}</span>}
            </Flex>
          ),
        },
        {
          title: t('common:field.partner'),
          key: 'partner',
          render: (_, { partner_id, partner_name }) =>
            partner_id ? <Link to={`/partners/${partner_id}`}>{partner_name}</Link> : t('common:none'),
        },
        {
          title: t('common:field.state'),
          key: 'state',
          render: (_, project) => <ProjectState project={project} />,
        },
        {
          title: t('column.tasks'),
          key: 'tasks',
          align: 'right',
          render: (_, { tasks }) => <span className="numbers">{tasks}</span>,
        },
        {
          title: t('column.lastRun'),
          key: 'lastRun',
          render: (_, { last_run }) =>
            last_run ? <LastRun run={last_run} /> : <span className="muted">{t('common:none')}</span>,
        },
      ]}
    />
  );
}

/** The last run of a project. The list says which one it is; while that one goes on, it is asked for itself. */
function LastRun({ run }: { run: Schema<'LastRun'> }) {
  const ended = run.ended_at != null;
  const live = useQuery({ ...instanceQuery(run.id), enabled: !ended });
  const { id, status, created_at, ended_at } = live.data ?? run;
  return (
    <Flex gap={8} align="center" wrap>
      <StatusTag status={status} />
      <Link to={`/runs/${id}`}>
        <Time at={ended_at ?? created_at} />
      </Link>
    </Flex>
  );
}

/** Nothing to work on yet: what the first step is depends on whether there is a partner. */
function NoProjects({ onCreate }: { onCreate: () => void }) {
  const { t } = useTranslation('projects');
  const { manageProjects } = useRights();
  const partners = useAllRows(partnersQuery());
  if (!manageProjects) return <Empty text={t('empty.askAdmin')} />;
  if (partners.rows?.length === 0) {
    return (
      <Empty text={t('empty.noPartner')}>
        <Link to="/partners">
          <Button type="primary">{t('empty.toPartners')}</Button>
        </Link>
      </Empty>
    );
  }
  return (
    <Empty text={t('empty.text')}>
      <Button type="primary" icon={<Icon of={PlusOutlined} />} onClick={onCreate}>
        {t('new')}
      </Button>
    </Empty>
  );
}
