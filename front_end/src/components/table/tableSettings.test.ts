import { expect, it } from 'vitest';

import { tableSettings } from './tableSettings';

it.each([
  [null, {}],
  [{ input: 'rows', delimiter: 'auto', encoding: '' }, {}],
  [
    { delimiter: ';', encoding: 'gbk', has_header: false, missing: ['NA', '?'] },
    { delimiter: ';', encoding: 'gbk', has_header: false, missing: 'NA\n?' },
  ],
  // No markers at all is something else than the usual ones.
  [{ missing: [] }, { missing: '' }],
  [{ delimiter: 3, has_header: 'yes' }, {}],
])('%j', (config, query) => {
  expect(tableSettings(config)).toEqual(query);
});
