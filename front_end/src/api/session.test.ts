import { QueryClient } from '@tanstack/react-query';
import { expect, it, vi } from 'vitest';

import { keys } from './keys';
import { sessionQuery } from './session';

const ME = { id: 'a', name: 'ada', role: 'root', add_task: true, run: true };

/** Answers like a console, and tells what it was asked. */
function serve(signedIn: boolean) {
  const asked: string[] = [];
  vi.spyOn(globalThis, 'fetch').mockImplementation((input) => {
    const { pathname } = new URL(input instanceof Request ? input.url : input);
    asked.push(pathname);
    if (pathname === '/api/v1/setup') {
      return Promise.resolve(Response.json({ needed: false, signed_in: signedIn }));
    }
    const refusal = { code: 'not_signed_in', status: 401, detail: 'Sign in.' };
    return Promise.resolve(signedIn ? Response.json(ME) : Response.json(refusal, { status: 401 }));
  });
  return asked;
}

it('nobody being signed in takes no refused call, and tells about setup as well', async () => {
  const asked = serve(false);
  const client = new QueryClient();
  expect(await client.query(sessionQuery)).toBeNull();
  expect(asked).toEqual(['/api/v1/setup']);
  expect(client.getQueryData(keys.setup)).toEqual({ needed: false, signed_in: false });
});

it('who is signed in is asked for', async () => {
  const asked = serve(true);
  expect(await new QueryClient().query(sessionQuery)).toEqual(ME);
  expect(asked).toEqual(['/api/v1/setup', '/api/v1/session']);
});
