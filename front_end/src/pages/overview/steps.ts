import type { Overview } from '../../api/overview';
import type { Rights } from '../../app/rights';

export interface Step {
  name: 'partner' | 'confirm' | 'project' | 'task' | 'pair' | 'run';
  state: 'done' | 'next' | 'later';
  /** Where it is done. */
  to: string;
  /** The right that it takes. */
  needs?: keyof Rights;
}

/** The way of a new console to its first run: the first step that is not done is the next one. */
export function stepsOf(done: NonNullable<Overview['first_steps']>): Step[] {
  const { partner, confirmed, project, task, paired, run } = done;
  const steps: (Omit<Step, 'state'> & { done: boolean })[] = [
    { name: 'partner', done: partner != null, to: '/partners', needs: 'managePartners' },
    { name: 'confirm', done: confirmed, to: `/partners/${partner ?? ''}`, needs: 'managePartners' },
    { name: 'project', done: project != null, to: '/projects', needs: 'manageProjects' },
    { name: 'task', done: task != null, to: `/projects/${project ?? ''}`, needs: 'createTasks' },
    { name: 'pair', done: paired, to: `/tasks/${task ?? ''}` },
    { name: 'run', done: run, to: `/tasks/${task ?? ''}`, needs: 'run' },
  ];
  const next = steps.find(({ done }) => !done);
  return steps.map(({ done, ...step }) => ({
    ...step,
    state: done ? 'done' : step.name === next?.name ? 'next' : 'later',
  }));
}
