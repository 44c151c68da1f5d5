import { expect, it } from 'vitest';

import { forConfigs } from './useColumns';

it('offers no column that a join added for its own messages, nor one without a name', () => {
  expect(forConfigs(['', 'id', 'age', 'efls_source_line'])).toEqual(['id', 'age']);
});
