import { useQuery } from '@tanstack/react-query';
import { Button, Flex, Popover } from 'antd';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';

import type { Schema } from '../../api/client';
import { objectQuery } from '../../api/objects';
import { taskVersionText } from '../../components/versionText';

type Use = Schema<'ObjectUse'>;

/** So many are shown in a row of the table. */
const SHOWN = 2;

/** The task versions that a file is attached to. */
export function UsedBy({ name, uses: count }: { name: string; uses: number }) {
  const { t } = useTranslation(['objects', 'common']);
  const info = useQuery({ ...objectQuery(name), enabled: count > 0 });
  if (count === 0) return <span className="muted">{t('used.nobody')}</span>;
  if (info.error) return <span className="muted">{t('used.unknown')}</span>;
  const uses = info.data?.used_by;
  if (!uses) return <span className="muted">…</span>;
  const more = uses.length - SHOWN;
  return (
    <Flex vertical align="flex-start">
      <Uses uses={uses.slice(0, SHOWN)} />
      {more > 0 && (
        <Popover trigger="click" content={<Uses uses={uses} />} title={t('used.title')}>
          <Button type="link" size="small" className="used-more">
            {t('used.more', { count: more })}
          </Button>
        </Popover>
      )}
    </Flex>
  );
}

function Uses({ uses }: { uses: readonly Use[] }) {
  const { t } = useTranslation('common');
  return (
    <ul className="used-by">
      {uses.map((use) => (
        <li key={use.task_id}>
          <Link to={`/tasks/${use.task_id}`}>{use.task_name ?? t('unnamed')}</Link>
          <span className="muted"> · {taskVersionText(use)}</span>
        </li>
      ))}
    </ul>
  );
}
