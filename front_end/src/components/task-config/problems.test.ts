import { expect, it } from 'vitest';

import { problemsBelow, sorted } from './problems';

const at = (...pointers: string[]) => pointers.map((pointer) => ({ pointer, detail: 'wrong' }));

it('leads into a part of the task', () => {
  expect(problemsBelow('/config', at('/config', '/config/a', '/configuration', '/meta/a'))).toEqual(
    at('', '/a'),
  );
});

it('tells where a problem is shown', () => {
  const schema = { properties: { 'a/b': {}, c: {} } };
  const problems = at('', '/a~1b/0', '/gone');
  expect(sorted(problems, { c: 1, gone: 1 }, schema)).toEqual({
    whole: at('', '/gone'),
    parts: at('/a~1b/0'),
    unshown: ['gone'],
  });
  expect(sorted(problems, { gone: 1 }, undefined)).toEqual({
    whole: at(''),
    parts: at('/a~1b/0', '/gone'),
    unshown: [],
  });
});

it('says once that a setting is missing, at its field', () => {
  const schema = { properties: { input: {}, image: {} }, required: ['input'] };
  const problems = problemsBelow(
    '/config',
    ['input', 'image', 'gone'].map((setting) => ({
      pointer: '/config',
      detail: `${setting} is missing`,
      params: { setting } as never,
    })),
  );
  const { whole, parts } = sorted(problems, {}, schema);
  expect(whole.map(({ detail }) => detail)).toEqual(['gone is missing']);
  expect(parts.map(({ pointer }) => pointer)).toEqual(['/image']);
  expect(sorted(problems, {}, undefined).whole).toHaveLength(3);
});
