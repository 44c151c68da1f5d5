import type { Project } from '../../api/projects';
import type { Me } from '../../api/session';
import type { Task } from '../../api/tasks';
import { mayChangeTask, rightsOf } from '../../app/rights';

/** How far a version is paired: nobody asked, the answer is out, it was refused, or both sides have it. */
export type Stage = 'none' | 'asked' | 'refused' | 'paired';

export function stageOf(pairing: Task['pairing']): Stage {
  if (!pairing) return 'none';
  if (pairing.status !== 'draft') return 'paired';
  return pairing.error ? 'refused' : 'asked';
}

/** Why a version cannot be changed here and now. */
export type Lock = 'archived' | 'paired' | 'asked' | 'forbidden';

export function lockOf(me: Me, task: Task, project: Project): Lock | undefined {
  if (project.status === 'archive') return 'archived';
  const stage = stageOf(task.pairing);
  if (stage === 'paired' || stage === 'asked') return stage;
  return mayChangeTask(me, task, project) ? undefined : 'forbidden';
}

/** Why a version cannot run here and now; `other` is said by the server's words. */
export type RunBlock = 'archived' | 'forbidden' | 'notPaired' | 'config' | 'partner' | 'other';

export function runBlockOf(
  me: Me,
  task: Task,
  project: Project,
  valid: boolean | undefined,
  trust?: string,
): RunBlock | undefined {
  if (project.status === 'archive') return 'archived';
  if (!rightsOf(me).run) return 'forbidden';
  if (stageOf(task.pairing) !== 'paired') return 'notPaired';
  if (valid === false) return 'config';
  if (trust === 'suspended' || trust === 'unpaired') return 'partner';
  // Of the partner its own row tells, which is newer.
  return task.cannot_run && task.cannot_run.code !== 'partner_not_active' ? 'other' : undefined;
}

/** Why pairing was refused. */
export type Refusal =
  | 'tokenUnknown'
  | 'type'
  | 'meta'
  | 'settings'
  | 'severalTokens'
  | 'pairedElsewhere'
  | 'closed'
  | 'archived'
  | 'version'
  | 'rootNotPaired'
  | 'fingerprint'
  | 'answerLost'
  | 'other';

const REFUSALS: Readonly<Record<string, Refusal>> = {
  token_unknown: 'tokenUnknown',
  token_ambiguous: 'severalTokens',
  type_differs: 'type',
  meta_differs: 'meta',
  settings_differ: 'settings',
  paired_elsewhere: 'pairedElsewhere',
  project_closed: 'closed',
  task_archived: 'archived',
  version_exists: 'version',
  root_not_paired: 'rootNotPaired',
  fingerprint_not_confirmed: 'fingerprint',
  answer_lost: 'answerLost',
};

/** What the code of a refused pairing means; a code of a newer console, or none, is `other`. */
export function refusalOf(code: string | null | undefined): Refusal {
  return REFUSALS[code ?? ''] ?? 'other';
}
