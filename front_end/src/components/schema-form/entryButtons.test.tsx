import { render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { useState } from 'react';
import { beforeAll, expect, it } from 'vitest';

import { startI18n } from '../../i18n';
import { SchemaForm } from '../SchemaForm';
import type { JsonObject } from './types';

beforeAll(() => startI18n('zh'));

const schema = {
  type: 'object',
  properties: { steps: { type: 'array', title: '步骤', items: { type: 'integer' } } },
};

function Example() {
  const [value, setValue] = useState<JsonObject>({});
  return <SchemaForm schema={schema} value={value} onChange={setValue} />;
}

it('the buttons of a list speak the language, and not by their icons', { timeout: 20_000 }, async () => {
  render(<Example />);
  // Names by content take long to find out here, with so many styles.
  await userEvent.click(await screen.findByText('添加一项', {}, { timeout: 15_000 }));
  expect(await screen.findByTitle('删除此项')).toHaveAccessibleName('删除此项');
  expect(document.querySelectorAll('button .anticon')).toHaveLength(2);
  expect(document.querySelectorAll('button .anticon:not([aria-hidden])')).toHaveLength(0);
});
