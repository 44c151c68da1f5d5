import { Card, Table } from 'antd';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';

import type { Partner } from '../../api/partners';
import { type Project, projectsQuery } from '../../api/projects';
import { Empty } from '../../components/Empty';
import { LinkButton } from '../../components/LinkButton';
import { Loading } from '../../components/Loading';
import { Problem } from '../../components/Problem';
import { Time } from '../../components/Time';
import { useAllRows } from '../../components/useAllRows';
import { ProjectState } from '../projects/ProjectState';

/** The projects with a partner. */
export function PartnerProjects({ partner }: { partner: Partner }) {
  const { t } = useTranslation(['partners', 'common']);
  const { rows, complete, error, refetch } = useAllRows(projectsQuery());
  const projects = rows?.filter(({ partner_id }) => partner_id === partner.id) ?? [];
  return (
    <Card title={t('projects.title')}>
      <Problem error={error} onRetry={() => void refetch()} />
      {!complete && !error && projects.length === 0 && <Loading rows={2} />}
      {complete && projects.length === 0 && (
        <Empty text={t('projects.empty', { partner: partner.name })}>
          <LinkButton to="/projects">{t('projects.all')}</LinkButton>
        </Empty>
      )}
      {projects.length > 0 && (
        <Table<Project>
          aria-label={t('projects.title')}
          rowKey="id"
          dataSource={projects}
          pagination={false}
          scroll={{ x: 'max-content' }}
          columns={[
            {
              title: t('common:field.name'),
              key: 'name',
              render: (_, project) => (
                <Link to={`/projects/${project.id}`}>{project.name ?? t('projects.notTaken')}</Link>
              ),
            },
            {
              title: t('common:field.state'),
              key: 'state',
              render: (_, project) => <ProjectState project={project} />,
            },
            {
              title: t('common:field.changed'),
              key: 'changed',
              render: (_, project) => <Time at={project.modified_at} />,
            },
          ]}
        />
      )}
    </Card>
  );
}
