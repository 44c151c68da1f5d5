import { Card } from 'antd';
import { useTranslation } from 'react-i18next';

import { CopyButton } from '../../components/CopyButton';
import { KeyValue } from '../../components/KeyValue';
import { Time } from '../../components/Time';
import { UserName } from '../../components/UserName';
import { engineOf } from '../../components/task-config/engine';
import { type TaskView, useEngines } from './useTaskPage';

/** Whose the version is, since when, and what runs it. */
export function FactsCard({ view: { task } }: { view: TaskView }) {
  const { t } = useTranslation(['tasks', 'common']);
  const engine = engineOf(useEngines().data, task);
  return (
    <Card title={t('facts.title')} className="task-card">
      <KeyValue
        items={[
          { label: t('facts.owner'), value: task.owner_id && <UserName id={task.owner_id} /> },
          {
            label: t('facts.engine'),
            value: engine ? `${engine.engine.name} ${engine.engine.version}` : task.engine,
          },
          { label: t('common:field.created'), value: <Time at={task.created_at} /> },
          { label: t('common:field.changed'), value: <Time at={task.modified_at} /> },
          {
            label: t('facts.id'),
            value: (
              <span className="task-breakable">
                <code>{task.id}</code> <CopyButton text={task.id} what={t('facts.id')} />
              </span>
            ),
          },
        ]}
      />
    </Card>
  );
}
