import { render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeAll, beforeEach, expect, it, vi } from 'vitest';

import { startI18n } from '../i18n';
import { ConflictNotice } from './ConflictNotice';
import { useDraft } from './useDraft';

beforeAll(() => startI18n('en'));

const reset = vi.fn();
beforeEach(() => reset.mockClear());

interface Row {
  id: string;
  generation: number;
  name: string;
}

/** A form for one name, in which somebody types while another tab saves. */
function Form({ row }: { row: Row }) {
  const draft = useDraft(row, ({ name }) => name);
  return (
    <>
      <input aria-label="name" value={draft.value} onChange={(event) => draft.change(event.target.value)} />
      <ConflictNotice draft={draft} save={{ reset }} shownAs={(name) => ({ name })} />
      <output>{draft.base.generation}</output>
    </>
  );
}

async function conflict() {
  const { rerender } = render(<Form row={{ id: 'a', generation: 1, name: 'old' }} />);
  await userEvent.type(screen.getByLabelText('name'), ' mine');
  expect(screen.queryByRole('alert')).not.toBeInTheDocument();
  rerender(<Form row={{ id: 'a', generation: 2, name: 'theirs' }} />);
  expect(screen.getByRole('alert')).toHaveTextContent('theirs');
  expect(screen.getByRole('alert')).toHaveTextContent('old mine');
}

it.each([
  ['Keep mine, to save it over theirs', 'old mine'],
  ['Take what is stored, drop mine', 'theirs'],
])('two changed the same: %s', async (choice, name) => {
  await conflict();
  await userEvent.click(screen.getByText(choice));
  expect(screen.getByLabelText('name')).toHaveValue(name);
  expect(screen.queryByRole('alert')).not.toBeInTheDocument();
  // What is saved next is saved over the newer row.
  expect(screen.getByRole('status')).toHaveTextContent('2');
  expect(reset).toHaveBeenCalledOnce();
});
