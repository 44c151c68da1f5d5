import { CheckCircleFilled, ClockCircleOutlined, InboxOutlined } from '@ant-design/icons';
import { Tag, Tooltip } from 'antd';
import { useTranslation } from 'react-i18next';

import type { Project } from '../../api/projects';
import { Icon } from '../../components/Icon';

/** How far both sides know a project. */
export function ProjectState({ project }: { project: Project }) {
  const { t } = useTranslation('projects');
  const partner = project.partner_name ?? t('thePartner');
  switch (project.status) {
    case 'draft':
      return (
        <Tooltip title={t('state.draftHint', { partner })}>
          <Tag color="processing" icon={<Icon of={ClockCircleOutlined} />} data-state="draft">
            {t('state.draft')}
          </Tag>
        </Tooltip>
      );
    case 'ready':
      return (
        <Tag color="success" icon={<Icon of={CheckCircleFilled} />} data-state="ready">
          {t('state.ready')}
        </Tag>
      );
    case 'archive':
      return (
        <Tag icon={<Icon of={InboxOutlined} />} data-state="archive">
          {t('state.archive')}
        </Tag>
      );
    default:
      return <Tag>{project.status}</Tag>;
  }
}
