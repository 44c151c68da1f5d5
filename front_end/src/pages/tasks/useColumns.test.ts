import { expect, it } from 'vitest';

import { forConfigs } from './useColumns';

it('offers no column that an engine added for itself, nor one without a name', () => {
  const columns = ['', 'id', 'age', 'efls_source_line'];
  expect(forConfigs({ columns, internal: [3] })).toEqual(['id', 'age']);
});
