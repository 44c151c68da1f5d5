import { queryOptions, useQuery } from '@tanstack/react-query';

import { useTranslation } from 'react-i18next';

import { answer, api } from '../../api/client';
import { enginesQuery } from '../../api/engines';
import { keys } from '../../api/keys';
import type { Project } from '../../api/projects';
import { resourcesQuery } from '../../api/resources';
import { type Task, versionsQuery } from '../../api/tasks';
import { problemLine } from '../../components/problemText';
import { useAllRows } from '../../components/useAllRows';
import { engineOf } from '../../components/task-config/engine';
import { missingFiles } from './missing';
import { lockOf, type Lock, runBlockOf, type Stage, stageOf } from './state';

/** What the engine says of the stored config; asked again whenever the version changes, as its key is below the row's. */
const validationQuery = (id: string) =>
  queryOptions({
    queryKey: keys.tasks.part(id, 'validation'),
    queryFn: () => answer(api.POST('/api/v1/tasks/{id}/validate', { params: { path: { id } } })),
  });

/** What the parts of a version's page share. */
export interface TaskView {
  task: Task;
  project: Project;
  /** The partner's name. */
  partner: string;
  stage: Stage;
  /** Why the version cannot be changed; undefined when it can. */
  lock: Lock | undefined;
}

export function taskViewOf(task: Task, project: Project, partner: string): TaskView {
  return { task, project, partner, stage: stageOf(task.pairing), lock: lockOf(task) };
}

export function useEngines() {
  return useQuery(enginesQuery);
}

export function useValidation(task: Task) {
  return useQuery(validationQuery(task.id));
}

export function useResources(task: Task) {
  return useQuery(resourcesQuery(task.id));
}

/** All versions of the task, newest first. */
export function useVersions(task: Task) {
  return useAllRows(versionsQuery(task.id));
}

/** Why the version cannot run now, in words. */
export function useRunBlock({ task, partner }: TaskView): string | undefined {
  const { t } = useTranslation('tasks');
  const block = runBlockOf(task);
  if (!block) return undefined;
  if (block !== 'other') return t(`runBlock.${block}`, { partner });
  return task.cannot_run ? problemLine(task.cannot_run) : undefined;
}

/** The first version of the task, which holds the token; undefined until it is known. */
export function useRoot({ task }: TaskView): Task | undefined {
  const { rows } = useVersions(task);
  return task.root ? task : rows?.find(({ root }) => root);
}

/** The files that the stored config names and that are not attached; none until that is known. */
export function useMissingFiles(task: Task): string[] {
  const engine = engineOf(useEngines().data, task);
  const resources = useResources(task).data;
  return resources
    ? missingFiles(
        engine?.schema,
        task.config,
        resources.map(({ name }) => name),
      )
    : [];
}
