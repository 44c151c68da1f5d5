import { Alert, Button, Flex } from 'antd';
import { type ReactNode, useState } from 'react';
import { Trans, useTranslation } from 'react-i18next';
import { Link } from 'react-router';

import type { Project } from '../../api/projects';
import { useRights } from '../../app/rights';
import { inLanguage } from '../../components/inLanguage';
import { Time } from '../../components/Time';
import { TakeProject } from './TakeProject';
import { isTaken } from './taken';

/** What one should know of a project before anything else: it is closed, not taken, or the partner does not know it all. */
export function ProjectNotices({ project }: { project: Project }) {
  const { t } = useTranslation('projects');
  if (project.status === 'archive') {
    return <Alert type="info" showIcon title={t('archived.title')} description={t('archived.text')} />;
  }
  return (
    <>
      {!isTaken(project) && <NotTaken project={project} />}
      <OutstandingNotice project={project} />
    </>
  );
}

function NotTaken({ project }: { project: Project }) {
  const { t } = useTranslation('projects');
  const { manageProjects } = useRights();
  const [taking, setTaking] = useState(false);
  const partner = project.partner_name ?? t('thePartner');
  return (
    <>
      <Alert
        type="info"
        showIcon
        title={t('fresh.from', { partner })}
        description={
          <Flex vertical gap={8} align="flex-start">
            <span>{t(manageProjects ? 'fresh.text' : 'fresh.admins')}</span>
            {manageProjects && (
              <Button type="primary" onClick={() => setTaking(true)}>
                {t('fresh.take')}
              </Button>
            )}
          </Flex>
        }
      />
      {taking && <TakeProject project={project} onClose={() => setTaking(false)} />}
    </>
  );
}

/** What the partner has not been told yet, and why; nothing when it knows everything. */
export function OutstandingNotice({ project }: { project: Project }): ReactNode {
  const { t, i18n } = useTranslation('projects');
  const { system } = useRights();
  const { outstanding, status } = project;
  const partner = project.partner_name ?? t('thePartner');
  if (!outstanding) return null;
  const refused = outstanding.state === 'refused';
  const title = refused
    ? 'outstanding.refused'
    : status === 'draft'
      ? 'outstanding.new'
      : 'outstanding.change';
  return (
    <Alert
      type={refused ? 'error' : 'warning'}
      showIcon
      role="status"
      title={t(title, { partner })}
      description={
        <>
          <div>
            {t(refused ? 'outstanding.refusedText' : 'outstanding.text', { partner })}{' '}
            <Trans t={t} i18nKey="outstanding.since" components={{ when: <Time at={outstanding.since} /> }} />
          </div>
          {outstanding.last_error && (
            <div>
              {t(refused ? 'outstanding.reason' : 'outstanding.lastError')}{' '}
              <q>{inLanguage(i18n.language, outstanding.last_error, outstanding.last_error_zh)}</q>
            </div>
          )}
          {project.partner_id && (
            <div>
              <Link to={`/partners/${project.partner_id}`}>{t('outstanding.checkPartner', { partner })}</Link>
              {system && (
                <>
                  {' · '}
                  <Link to="/system">{t('outstanding.outbox')}</Link>
                </>
              )}
            </div>
          )}
        </>
      }
    />
  );
}
