import type { components } from '../../src/api/schema';

import type { Console } from './console';

type Schemas = components['schemas'];

type Place = Pick<Console, 'address'>;

export const PASSWORD = 'correct horse battery';

/** Somebody who works with a console by its API: for what a test needs and is not about. */
export class Operator {
  readonly #console: Place;
  readonly #token: string;

  private constructor(console: Place, token: string) {
    this.#console = console;
    this.#token = token;
  }

  /** Makes the first account, and signs in. */
  static async first(console: Console, name = 'anna'): Promise<Operator> {
    await call(console, 'POST', '/setup', { code: console.setupCode, name, password: PASSWORD });
    return Operator.signIn(console, name, PASSWORD);
  }

  static async signIn(console: Place, name: string, password: string): Promise<Operator> {
    const session = await call<Schemas['Session']>(console, 'POST', '/session', { name, password });
    return new Operator(console, session.token);
  }

  get<T>(path: string): Promise<T> {
    return call<T>(this.#console, 'GET', path, undefined, this.#token);
  }

  post<T>(path: string, body?: unknown): Promise<T> {
    return call<T>(this.#console, 'POST', path, body, this.#token);
  }

  patch<T>(path: string, body: unknown): Promise<T> {
    return call<T>(this.#console, 'PATCH', path, body, this.#token);
  }
}

/** Two consoles become partners. Gives what each calls the other. */
export async function pair(one: Operator, other: Operator): Promise<[string, string]> {
  const { code } = await one.post<Schemas['Invited']>('/invitations', {});
  const { id } = await other.post<Schemas['Partner']>('/invitations/accept', { code });
  const paired = await until('the consoles are partners', async () => {
    const { items } = await one.get<Schemas['Listing_Partner']>('/partners');
    const there = await other.get<Schemas['Partner']>(`/partners/${id}`);
    return there.trust === 'paired' ? items[0] : undefined;
  });
  return [paired.id, id];
}

/** Asks until there is an answer. */
export async function until<T>(what: string, ask: () => Promise<T | undefined>): Promise<T> {
  const deadline = Date.now() + 60_000;
  while (Date.now() < deadline) {
    const found = await ask();
    if (found !== undefined) {
      return found;
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`it did not happen that ${what}`);
}

async function call<T>(
  console: Place,
  method: string,
  path: string,
  body?: unknown,
  token?: string,
): Promise<T> {
  const response = await fetch(`${console.address}/api/v1${path}`, {
    method,
    headers: {
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  if (!response.ok) {
    throw new Error(`${method} ${path}: ${response.status} ${text}`);
  }
  return (text === '' ? undefined : JSON.parse(text)) as T;
}
