import { Button, Card, Flex } from 'antd';
import { useState } from 'react';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';

import { pairingQuery, useRefreshPairing } from '../../api/pairings';
import { type Task, useChangeTask } from '../../api/tasks';
import { JsonCompare } from '../../components/JsonCompare';
import { useUnsaved } from '../../components/LeaveGuard';
import { Problem } from '../../components/Problem';
import { Time } from '../../components/Time';
import { useDraft } from '../../components/useDraft';
import { DraftBar } from './DraftBar';
import { engineOf } from '../../components/task-config/engine';
import { asObject, type JsonObject } from '../../components/task-config/jsonObject';
import { matchingValues } from './matching';
import { ObjectField } from '../../components/task-config/ObjectField';
import { type TaskView, useEngines } from './useTaskPage';

const read = ({ meta }: Task): JsonObject | null => asObject(meta);

/** What we say of our half in public, beside what the partner says; what must be equal and is not stands out. */
export function MetaCard({ view }: { view: TaskView }) {
  const { t } = useTranslation(['tasks', 'common']);
  const { task, lock, partner } = view;
  const engine = engineOf(useEngines().data, task);
  const mustMatch = engine?.matchingKeys ?? [];
  const pairing = useQuery({ ...pairingQuery(task.pairing?.id ?? ''), enabled: Boolean(task.pairing) });
  const [editing, setEditing] = useState(false);
  return (
    <Card
      className="task-card"
      title={t('meta.title', { partner: view.partner })}
      extra={
        !lock &&
        !editing && (
          <Button size="small" onClick={() => setEditing(true)}>
            {t('common:action.edit')}
          </Button>
        )
      }
    >
      <p className="muted">{t('meta.text', { partner })}</p>
      {mustMatch.length > 0 && <p className="muted">{t('meta.mustMatch', { keys: mustMatch.join(', ') })}</p>}
      <Flex vertical gap={16}>
        {editing && !lock && <EditMeta view={view} onDone={() => setEditing(false)} />}
        <JsonCompare
          label={t('meta.title', { partner: view.partner })}
          left={{ label: t('meta.ours'), value: task.meta }}
          right={{ label: partner, value: pairing.data?.peer_meta }}
          mustMatch={mustMatch}
        />
        <Theirs view={view} at={pairing.data?.peer_meta_at} />
      </Flex>
    </Card>
  );
}

/** When the partner said what it says, and the way to ask again. */
function Theirs({ view, at }: { view: TaskView; at: string | null | undefined }) {
  const { t } = useTranslation('tasks');
  const refresh = useRefreshPairing();
  const { stage, partner, task } = view;
  if (stage !== 'paired' || !task.pairing)
    return <span className="muted">{t('meta.unknown', { partner })}</span>;
  const id = task.pairing.id;
  return (
    <Flex vertical gap={8}>
      <Flex gap={8} align="center" wrap>
        <span className="muted">
          {t('meta.told', { partner })} <Time at={at} />
        </span>
        <Button size="small" loading={refresh.isPending} onClick={() => refresh.mutate(id)}>
          {t('meta.refresh')}
        </Button>
      </Flex>
      <Problem error={refresh.error} />
    </Flex>
  );
}

function EditMeta({ view, onDone }: { view: TaskView; onDone: () => void }) {
  const { t } = useTranslation('tasks');
  const { task } = view;
  const engine = engineOf(useEngines().data, task);
  const draft = useDraft(task, read);
  const save = useChangeTask();
  useUnsaved(draft.dirty);
  const agreed = engine?.schema && matchingValues(engine.schema, engine.matchingKeys, asObject(task.config));
  const submit = async () => {
    await save.mutateAsync({ task: draft.base, change: { meta: draft.value } });
    onDone();
  };
  return (
    <Flex vertical gap={12}>
      <ObjectField
        label={t('meta.title', { partner: view.partner })}
        value={draft.value}
        onChange={draft.change}
      />
      {agreed && Object.keys(agreed).length > 0 && draft.value !== null && (
        <div>
          <Button size="small" onClick={() => draft.change({ ...draft.value, ...agreed })}>
            {t('meta.fill')}
          </Button>
        </div>
      )}
      <DraftBar
        draft={draft}
        valid={draft.value !== null}
        save={save}
        onSave={submit}
        onCancel={onDone}
        saved={t('meta.saved')}
      />
    </Flex>
  );
}
