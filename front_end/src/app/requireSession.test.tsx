import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { render, screen, waitFor } from '@testing-library/react';
import { MemoryRouter, Route, Routes } from 'react-router';
import { beforeAll, expect, it, vi } from 'vitest';

import { keys } from '../api/keys';
import { sessionQuery } from '../api/session';
import { startI18n } from '../i18n';
import { RequireSession } from './RequireSession';

beforeAll(() => startI18n('en'));

it('sends nobody to sign in before it is known that nobody is signed in', async () => {
  vi.stubGlobal('fetch', () => new Promise(() => undefined));
  const client = new QueryClient();
  render(
    <QueryClientProvider client={client}>
      <MemoryRouter initialEntries={['/runs']}>
        <Routes>
          <Route path="/sign-in" element={<p>sign in</p>} />
          <Route element={<RequireSession />}>
            <Route path="/runs" element={<p>runs</p>} />
          </Route>
        </Routes>
      </MemoryRouter>
    </QueryClientProvider>,
  );
  client.setQueryData(keys.setup, { needed: false, signed_in: true });
  await expect(screen.findByText('sign in', {}, { timeout: 300 })).rejects.toThrow();
  await client.cancelQueries();
  client.setQueryData(sessionQuery.queryKey, null);
  await waitFor(() => expect(screen.getByText('sign in')).toBeInTheDocument());
});
