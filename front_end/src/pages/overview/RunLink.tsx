import { Flex } from 'antd';
import { useTranslation } from 'react-i18next';

import type { Instance } from '../../api/instances';
import { PageLink } from '../../app/PageLink';

/** A run by its task's name and version, and the project below. */
export function RunLink({ run }: { run: Instance }) {
  const { t } = useTranslation('overview');
  const name = run.task_name
    ? t('run', { task: run.task_name, version: run.task_version })
    : t('runOnly', { id: run.id.slice(0, 8) });
  return (
    <Flex vertical className="run-link">
      <PageLink to={`/runs/${run.id}`}>{name}</PageLink>
      {run.project_name && <span className="muted">{run.project_name}</span>}
    </Flex>
  );
}
