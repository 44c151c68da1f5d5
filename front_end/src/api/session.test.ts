import { QueryClient } from '@tanstack/react-query';
import { expect, it, vi } from 'vitest';

import { keys } from './keys';
import { sessionQuery } from './session';

const ME = { id: 'a', name: 'ada', role: 'root', add_task: true, run: true, rights: ['run'] };

/** Answers like a console, and tells what it was asked. */
function serve(user: typeof ME | null) {
  const asked: string[] = [];
  vi.spyOn(globalThis, 'fetch').mockImplementation((input) => {
    asked.push(new URL(input instanceof Request ? input.url : input).pathname);
    return Promise.resolve(Response.json({ needed: false, signed_in: user !== null, user }));
  });
  return asked;
}

it('one call tells who is signed in, and about setup as well', async () => {
  const asked = serve(ME);
  const client = new QueryClient();
  expect(await client.query(sessionQuery)).toEqual(ME);
  expect(asked).toEqual(['/api/v1/setup']);
  expect(client.getQueryData(keys.setup)).toEqual({ needed: false, signed_in: true, user: ME });
});

it('nobody being signed in is no refused call', async () => {
  serve(null);
  expect(await new QueryClient().query(sessionQuery)).toBeNull();
});
