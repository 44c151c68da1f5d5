import { expect, it } from 'vitest';

import type { RunResult } from '../../../api/instances';
import { partsOf } from './parts';

const parts = (document: RunResult['document']) =>
  partsOf({ name: 'x', at: '2026-01-01T00:00:00Z', pending: false, deleted: false, document });

it('shows scores with the rows that they were measured on, and leaves out those that are not defined', () => {
  const scores = [
    { name: 'auc', value: null },
    { name: 'log_loss', value: 0.1 },
  ];
  expect(parts({ kind: 'scores', part: 'validation', rows: 7, scores })).toEqual([
    {
      kind: 'figures',
      figures: [
        { name: 'log_loss', value: 0.1 },
        { name: 'rows', value: 7 },
        { name: 'part', value: 'validation' },
      ],
    },
  ]);
});

it('takes figures and tables out of what has no form of its own, each with its title', () => {
  const value = {
    epochs: 3,
    none: null,
    terms: { l2: 0 },
    deep: { deeper: { l2: 0 } },
    columns: ['a', 'b'],
    nothing: [],
    features: [{ name: 'a' }, { weight: 1 }],
  };
  expect(parts({ kind: 'json', value })).toEqual([
    { kind: 'figures', figures: [{ name: 'epochs', value: 3 }] },
    { kind: 'figures', figures: [{ name: 'l2', value: 0 }], title: 'terms' },
    { kind: 'table', columns: ['columns'], rows: [['a'], ['b']] },
    {
      kind: 'table',
      columns: ['name', 'weight'],
      rows: [
        ['a', undefined],
        [undefined, 1],
      ],
      title: 'features',
    },
    { kind: 'json', value },
  ]);
});

it('takes a reason and the word for it as one', () => {
  const ignored_columns = [{ column: 'id', code: 'id', reason: 'names the rows' }];
  expect(parts({ kind: 'json', value: { ignored_columns } })[0]).toEqual({
    kind: 'table',
    columns: ['column', 'reason'],
    rows: [['id', { code: 'id', text: 'names the rows' }]],
    title: 'ignored_columns',
  });
});

it.each([[null], [7], [{}], [[1, 2]]])('shows %j as it is', (value) => {
  expect(parts({ kind: 'json', value })).toEqual([{ kind: 'json', value }]);
});
