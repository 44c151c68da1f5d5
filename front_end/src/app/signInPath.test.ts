import { expect, it } from 'vitest';

import { nextPath, signInPath } from './signInPath';

it('leads back to the same address, with its query', () => {
  const path = signInPath({ pathname: '/runs/compare', search: '?ids=a,b', hash: '#log' });
  expect(nextPath(new URL(path, 'http://c').searchParams)).toBe('/runs/compare?ids=a,b#log');
  expect(signInPath({ pathname: '/', search: '', hash: '' })).toBe('/sign-in');
});

it.each([
  'https://elsewhere.example/',
  '//elsewhere.example',
  '/\\elsewhere.example',
  '/\t/elsewhere.example',
  '/\n/elsewhere.example',
  '/.//elsewhere.example',
  'javascript:alert(1)',
  '/sign-in',
])('does not lead to %s', (next) => {
  expect(nextPath(new URLSearchParams({ next }))).toBe('/');
});
