import { InboxOutlined } from '@ant-design/icons';
import { Button, Card, Flex } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';

import { type Project, projectsQuery } from '../../api/projects';
import { useRights } from '../../app/rights';
import { Icon } from '../../components/Icon';
import { Time } from '../../components/Time';
import { useAllRows } from '../../components/useAllRows';
import { TakeProject } from './TakeProject';
import { isTaken } from './taken';
import './projects.css';

/** What partners began and nobody here has taken yet; nothing when there is none. */
export function NewFromPartner() {
  const { t } = useTranslation('projects');
  const { rows = [] } = useAllRows(projectsQuery());
  const fresh = rows.filter((project) => !isTaken(project) && project.status !== 'archive');
  if (fresh.length === 0) return null;
  return (
    <section aria-label={t('fresh.title')}>
      <Card
        className="fresh-projects"
        title={
          <Flex gap={8} align="center">
            <Icon of={InboxOutlined} />
            {t('fresh.title')}
          </Flex>
        }
      >
        <p className="fresh-text">{t('fresh.text')}</p>
        <ul className="fresh-list">
          {fresh.map((project) => (
            <Fresh key={project.id} project={project} />
          ))}
        </ul>
      </Card>
    </section>
  );
}

function Fresh({ project }: { project: Project }) {
  const { t } = useTranslation('projects');
  const { manageProjects } = useRights();
  const [taking, setTaking] = useState(false);
  const partner = project.partner_name ?? t('thePartner');
  return (
    <li>
      <Flex justify="space-between" align="center" gap="8px 16px" wrap>
        <span>
          <Link to={`/projects/${project.id}`}>{t('fresh.from', { partner })}</Link>{' '}
          <span className="muted">
            <Time at={project.created_at} />
          </span>
        </span>
        {manageProjects ? (
          <Button type="primary" onClick={() => setTaking(true)}>
            {t('fresh.take')}
          </Button>
        ) : (
          <span className="muted">{t('fresh.admins')}</span>
        )}
      </Flex>
      {taking && <TakeProject project={project} onClose={() => setTaking(false)} />}
    </li>
  );
}
