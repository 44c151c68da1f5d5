import { render, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { useState } from 'react';
import { MemoryRouter } from 'react-router';
import { beforeAll, expect, it } from 'vitest';

import type { Instance, RunResult } from '../../api/instances';
import type { Task } from '../../api/tasks';
import { AppearanceProvider } from '../../app/appearance';
import { startI18n } from '../../i18n';
import { CompareTable } from './CompareTable';
import type { ComparedRun } from './useCompared';

beforeAll(() => startI18n('en'));

function compared(id: string, epochs: number, auc: number): ComparedRun {
  const at = '2026-01-01T00:00:00Z';
  const result: RunResult = {
    name: 'evaluation',
    at,
    pending: false,
    deleted: false,
    document: { kind: 'scores', rows: 7, scores: [{ name: 'auc', value: auc }] },
  };
  return {
    run: { id, status: 'succeeded', attempt: 1, warnings: 0, partner: {}, created_at: at } as Instance,
    task: { config: { epochs, batch_size: 64 } } as unknown as Task,
    engine: undefined,
    metrics: [
      { name: 'validation/log_loss', total: 1, points: [{ step: 1, value: 1 - auc, at }] },
      { name: 'train/log_loss', total: 1, points: [{ step: 1, value: auc, at }] },
    ],
    results: [result],
  };
}

function Example() {
  const [only, setOnly] = useState(true);
  const runs = [compared('a', 10, 0.8), compared('b', 20, 0.9)];
  return (
    <AppearanceProvider>
      <MemoryRouter>
        <CompareTable runs={runs} onlyDifferent={only} onOnlyDifferent={setOnly} onRemove={() => undefined} />
      </MemoryRouter>
    </AppearanceProvider>
  );
}

/** The texts of the cells of a row. */
function cells(name: RegExp): (string | null)[] {
  const head = screen.getByText(name, { selector: 'th' }).closest('tr');
  if (!head) throw new Error(`no row ${name.source}`);
  return within(head)
    .getAllByRole('cell')
    .map(({ textContent }) => textContent);
}

it('shows what differs, and marks the best value', async () => {
  render(<Example />);
  expect(cells(/^epochs/)).toEqual(['10', '20']);
  expect(cells(/^AUC/)).toEqual(['0.8', '0.9best']);
  expect(cells(/^Log loss, validation/)).toEqual(['0.2', '0.1best']);
  expect(cells(/^Log loss, training/)).toEqual(['0.8', '0.9']);
  expect(screen.queryByText('batch_size')).not.toBeInTheDocument();
  await userEvent.click(screen.getByLabelText('Only what differs'));
  expect(cells(/^batch_size/)).toEqual(['64', '64']);
  expect(cells(/^Rows/)).toEqual(['7', '7']);
});
