import type { Task } from '../../api/tasks';

/** How far a version is paired: nobody asked, the answer is out, it was refused, or both sides have it. */
export type Stage = 'none' | 'asked' | 'refused' | 'paired';

export function stageOf(pairing: Task['pairing']): Stage {
  if (!pairing) return 'none';
  if (pairing.status !== 'draft') return 'paired';
  return pairing.error ? 'refused' : 'asked';
}

/** Why a version cannot be changed here and now; `other` is said by the server's words. */
export type Lock = 'archived' | 'putAway' | 'paired' | 'asked' | 'forbidden' | 'other';

const LOCKS: Readonly<Record<string, Lock>> = {
  project_archived: 'archived',
  task_archived: 'putAway',
  task_paired: 'paired',
  pairing_asked: 'asked',
  forbidden: 'forbidden',
};

export function lockOf({ cannot_change }: Pick<Task, 'cannot_change'>): Lock | undefined {
  return cannot_change ? (LOCKS[cannot_change.code] ?? 'other') : undefined;
}

/** Why a version cannot run here and now; `other` is said by the server's words. */
export type RunBlock = 'archived' | 'forbidden' | 'notPaired' | 'config' | 'partner' | 'other';

const RUN_BLOCKS: Readonly<Record<string, RunBlock>> = {
  project_archived: 'archived',
  forbidden: 'forbidden',
  not_paired: 'notPaired',
  config_refused: 'config',
  partner_not_active: 'partner',
};

export function runBlockOf({ cannot_run }: Pick<Task, 'cannot_run'>): RunBlock | undefined {
  return cannot_run ? (RUN_BLOCKS[cannot_run.code] ?? 'other') : undefined;
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
