import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { render, screen } from '@testing-library/react';
import { MemoryRouter } from 'react-router';
import { beforeAll, expect, it } from 'vitest';

import { type Instance, resultsQuery, type RunResult } from '../../../api/instances';
import { startI18n } from '../../../i18n';
import { Results } from './Results';

beforeAll(() => startI18n('en'));

const run = { id: 'r', status: 'succeeded', attempt: 1 } as Instance;

function show(name: string, value: unknown) {
  const client = new QueryClient({ defaultOptions: { queries: { staleTime: Infinity } } });
  const result: RunResult = {
    name,
    at: '2026-01-01T00:00:00Z',
    pending: false,
    deleted: false,
    document: { kind: 'json', value },
  };
  client.setQueryData(resultsQuery('r', 1).queryKey, [result]);
  render(
    <QueryClientProvider client={client}>
      <MemoryRouter>
        <Results run={run} attempt={1} />
      </MemoryRouter>
    </QueryClientProvider>,
  );
}

it('says in words what came out of a training, and folds the raw form away', () => {
  show('training', {
    epochs: 30,
    label: { column: 'malignant', 0: 'no', 1: 'yes' },
    ignored_columns: [{ column: 'id', code: 'id', reason: 'names the rows' }],
    encoded_columns: [{ column: 'ward', values: ['east', 'west'] }],
  });
  expect(screen.getByRole('heading', { name: 'Label' })).toBeInTheDocument();
  const title = 'Columns that were not learnt from';
  expect(screen.getByRole('heading', { name: title })).toBeInTheDocument();
  expect(screen.getAllByLabelText(title)).not.toHaveLength(0);
  expect(screen.getAllByText('Reason')).not.toHaveLength(0);
  expect(screen.getByText('Names the rows')).toBeInTheDocument();
  expect(screen.getByText('east, west')).toBeInTheDocument();
  expect(screen.getByText('Raw result').closest('details')).not.toHaveAttribute('open');
});

it('shows the raw form of what has no other', () => {
  show('x', [[1, 2]]);
  expect(screen.getByText('Raw result').closest('details')).toHaveAttribute('open');
});
