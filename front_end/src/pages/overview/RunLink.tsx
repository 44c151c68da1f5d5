import { Flex } from 'antd';

import type { Instance } from '../../api/instances';
import { PageLink } from '../../app/PageLink';
import { taskVersionText } from '../../components/versionText';
import { useRunName } from '../run/useRunName';

/** A run by its number and its task's name; project and version below. */
export function RunLink({ run }: { run: Instance }) {
  const name = useRunName();
  const where = [run.project_name, taskVersionText(run)].filter(Boolean).join(' · ');
  return (
    <Flex vertical className="run-link">
      <PageLink to={`/runs/${run.id}`}>{name(run)}</PageLink>
      {where && <span className="muted">{where}</span>}
    </Flex>
  );
}
