import { render, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { useState } from 'react';
import { beforeAll, expect, it } from 'vitest';

import { startI18n } from '../../i18n';
import { SchemaForm } from '../SchemaForm';
import type { JsonObject } from './types';

beforeAll(() => startI18n('en'));

const schema = {
  type: 'object',
  required: ['epochs'],
  properties: {
    epochs: { type: 'integer', title: 'Epochs', minimum: 1, maximum: 1000 },
    loss: { type: 'string', title: 'Loss', maxLength: 8 },
  },
};

function Example({ problems }: { problems?: { pointer: string; detail: string }[] }) {
  const [value, setValue] = useState<JsonObject>({ epochs: 5 });
  return (
    <>
      <SchemaForm schema={schema} value={value} onChange={setValue} {...(problems && { problems })} />
      <output>{JSON.stringify(value)}</output>
    </>
  );
}

it('changes the value, and says what is wrong at the field', { timeout: 20_000 }, async () => {
  const user = userEvent.setup();
  render(<Example />);
  const epochs = await screen.findByLabelText(/Epochs/, {}, { timeout: 15_000 });
  await user.clear(epochs);
  expect(await screen.findByText('Missing')).toBeInTheDocument();
  await user.type(epochs, '20');
  expect(await screen.findByText(/"epochs":20\b/)).toBeInTheDocument();
  await waitFor(() => expect(screen.queryByText('Missing')).not.toBeInTheDocument());

  await user.type(screen.getByLabelText(/Loss/), 'x'.repeat(9));
  expect(await screen.findByText('At most 8 characters')).toBeInTheDocument();
});

it('shows what holds where several values may be chosen or typed', { timeout: 20_000 }, async () => {
  const lists = {
    type: 'object',
    properties: {
      rules: {
        type: 'array',
        title: 'Rules',
        default: ['trim'],
        uniqueItems: true,
        items: { oneOf: [{ const: 'trim', type: 'string', title: 'Without spaces' }] },
      },
      marks: { type: 'array', title: 'Marks', default: ['NA'], items: { type: 'string' } },
    },
  };
  render(<SchemaForm schema={lists} value={{}} onChange={() => undefined} />);
  expect(await screen.findByText('Default: Without spaces', {}, { timeout: 15_000 })).toBeInTheDocument();
  expect(screen.getByText('Default: NA')).toBeInTheDocument();
});

it("shows the server's problems at their fields", { timeout: 20_000 }, async () => {
  render(<Example problems={[{ pointer: '/loss', detail: 'There is no such loss.' }]} />);
  expect(await screen.findByText('There is no such loss.', {}, { timeout: 15_000 })).toBeInTheDocument();
});
