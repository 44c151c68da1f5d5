import { Card, Flex, Select } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';

import { type Task, useChangeTask } from '../../api/tasks';
import { useUnsaved } from '../../components/LeaveGuard';
import { useDraft } from '../../components/useDraft';
import { ConfigEditor, type Mode } from '../../components/task-config/ConfigEditor';
import { DraftBar } from './DraftBar';
import { engineOf, enginesFor } from '../../components/task-config/engine';
import { CARDS } from './cards';
import { asObject, type JsonObject } from '../../components/task-config/jsonObject';
import { problemsBelow, type Said } from '../../components/task-config/problems';
import { prefilled } from './prefilled';
import { withSuggestions } from './suggestions';
import { TablePreview } from './TablePreview';
import { useColumns } from './useColumns';
import { type TaskView, useEngines, useResources, useValidation } from './useTaskPage';

interface Draft {
  engine: string | null;
  config: JsonObject | null;
}

const read = ({ engine, config }: Task): Draft => ({ engine: engine ?? null, config: asObject(config) });

/** Our private config: by form or as JSON, with the engine that reads it. */
export function ConfigCard({ view }: { view: TaskView }) {
  const { t } = useTranslation('tasks');
  const { task, lock } = view;
  const draft = useDraft(task, read);
  const save = useChangeTask();
  const engines = useEngines().data;
  const engine = engineOf(engines, { ...task, engine: draft.value.engine });
  const [mode, setMode] = useMode();
  const resources = useResources(task).data;
  // What is filled in by itself can be saved, but nobody is asked about it when they leave.
  const attached = resources?.map(({ name }) => name) ?? [];
  const config =
    lock || draft.dirty ? draft.value.config : prefilled(engine?.schema, draft.value.config, attached);
  const value = { ...draft.value, config };
  const dirty = draft.dirty || config !== draft.value.config;
  const problems = useProblems(task, dirty, save.error?.parts);
  const columns = useColumns(resources, value.config);
  const [schema] = useStable(
    engine?.schema,
    resources?.map(({ name }) => name),
    columns,
  );
  useUnsaved(draft.dirty);

  const submit = async () => {
    const before = read(draft.base);
    const change = { config: value.config, ...(value.engine !== before.engine && { engine: value.engine }) };
    await save.mutateAsync({ task: draft.base, change });
  };

  return (
    <Card id={CARDS.config} tabIndex={-1} className="task-card" title={t('config.title')}>
      <p className="muted">{t('config.text', { partner: view.partner })}</p>
      <Flex vertical gap={16}>
        {task.root && engines && !lock && (
          <EngineChoice
            options={enginesFor(engines, task.task_type).map(({ name }) => name)}
            fallback={engineOf(engines, { ...task, engine: null })?.engine.name}
            value={value.engine}
            onChange={(engine) => draft.change({ ...value, engine })}
          />
        )}
        <ConfigEditor
          label={t('config.title')}
          schema={schema}
          mode={mode}
          onMode={setMode}
          value={value.config}
          onChange={(config) => draft.change({ ...value, config })}
          problems={problems}
          readOnly={lock !== undefined}
        />
        {!lock && (
          <TablePreview
            config={value.config}
            schema={schema}
            resources={resources}
            onChange={(config) => draft.change({ ...value, config })}
          />
        )}
        {!lock && (
          <DraftBar
            draft={{ ...draft, value, dirty }}
            discardable={draft.dirty}
            valid={value.config !== null}
            save={save}
            onSave={submit}
            saved={
              problems.length > 0
                ? t('config.savedWithProblems', { count: problems.length })
                : t('config.saved')
            }
          />
        )}
      </Flex>
    </Card>
  );
}

/** What the engine finds wrong with the stored config, and the server with what was sent; while one types neither. */
function useProblems(task: Task, dirty: boolean, refused: readonly Said[] = []) {
  const validation = useValidation(task);
  const stored = dirty ? [] : (validation.data?.problems ?? []);
  return problemsBelow('/config', refused.length > 0 ? refused : stored);
}

/** Form or JSON, in the address. */
function useMode(): [Mode, (mode: Mode) => void] {
  const [search, setSearch] = useSearchParams();
  const set = (mode: Mode) =>
    setSearch(
      (now) => {
        if (mode === 'json') now.set('config', 'json');
        else now.delete('config');
        return now;
      },
      { replace: true, preventScrollReset: true },
    );
  return [search.get('config') === 'json' ? 'json' : 'form', set];
}

/** The schema with what may be chosen; another object only when it says something else, because the form starts anew then. */
function useStable(schema: JsonObject | undefined, resources: string[] = [], columns: string[] = []) {
  const key = JSON.stringify([schema, resources, columns]);
  const make = () => ({
    key,
    schema: schema && withSuggestions(schema, { resource: resources, column: columns }),
  });
  const [kept, keep] = useState(make);
  if (kept.key !== key) keep(make());
  return [kept.schema];
}

interface EngineChoiceProps {
  options: string[];
  /** The console's default. */
  fallback: string | undefined;
  value: string | null;
  onChange: (engine: string | null) => void;
}

function EngineChoice({ options, fallback, value, onChange }: EngineChoiceProps) {
  const { t } = useTranslation('tasks');
  const known = value === null || options.includes(value) ? options : [...options, value];
  return (
    <Flex vertical gap={4} className="engine-choice">
      <label htmlFor="task-engine">{t('config.engine')}</label>
      <Select
        id="task-engine"
        value={value ?? ''}
        onChange={(engine: string) => onChange(engine || null)}
        options={[
          { value: '', label: t('config.defaultEngine', { name: fallback ?? '–' }) },
          ...known.map((name) => ({ value: name, label: name })),
        ]}
      />
    </Flex>
  );
}
