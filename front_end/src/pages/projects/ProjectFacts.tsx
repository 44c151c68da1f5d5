import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';

import type { Project } from '../../api/projects';
import { CopyButton } from '../../components/CopyButton';
import { KeyValue } from '../../components/KeyValue';
import { Time } from '../../components/Time';
import { UserName } from '../../components/UserName';

/** Whose a project is, with whom, since when, and by which ids both consoles know it. */
export function ProjectFacts({ project }: { project: Project }) {
  const { t } = useTranslation(['projects', 'common']);
  const { partner_id, partner_name } = project;
  return (
    <KeyValue
      items={[
        {
          label: t('common:field.partner'),
          value: partner_id && <Link to={`/partners/${partner_id}`}>{partner_name}</Link>,
        },
        {
          label: t('facts.owner'),
          value: project.owner_id ? <UserName id={project.owner_id} /> : t('facts.nobody'),
        },
        { label: t('common:field.created'), value: <Time at={project.created_at} /> },
        { label: t('common:field.changed'), value: <Time at={project.modified_at} /> },
        { label: t('facts.archived'), value: project.archived_at && <Time at={project.archived_at} /> },
        { label: t('facts.id'), value: <Id value={project.id} what={t('facts.id')} /> },
        {
          label: t('facts.peerId'),
          value: project.peer_id && <Id value={project.peer_id} what={t('facts.peerId')} />,
        },
      ]}
    />
  );
}

function Id({ value, what }: { value: string; what: string }) {
  return (
    <span>
      <code className="mono">{value}</code> <CopyButton text={value} what={what} />
    </span>
  );
}
