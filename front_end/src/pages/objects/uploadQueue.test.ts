import { describe, expect, it } from 'vitest';

import { ApiError, type Code } from '../../api/error';
import { dueUploads, nextName, nextUploads, type UploadEvent, type UploadItem } from './uploadQueue';

const after = (...events: UploadEvent[]) => events.reduce<readonly UploadItem[]>(nextUploads, []);
const refused = (code: Code) => new ApiError({ code, status: 409, detail: code });
const add: UploadEvent = {
  type: 'add',
  items: ['a.csv', 'b.csv', 'c.csv'].map((name) => ({ key: name, file: new File(['x'], name) })),
};

describe('uploads', () => {
  it('are sent two at a time, in the order they were chosen in', () => {
    expect(dueUploads(after(add)).map(({ key }) => key)).toEqual(['a.csv', 'b.csv']);
    const begun = after(add, { type: 'begin', key: 'a.csv' }, { type: 'begin', key: 'b.csv' });
    expect(dueUploads(begun)).toEqual([]);
    const stored = nextUploads(begun, { type: 'stored', key: 'b.csv', name: 'b.csv' });
    expect(dueUploads(stored).map(({ key }) => key)).toEqual(['c.csv']);
  });

  it('ask when there is a file of that name, and go on as they are told', () => {
    const asking = after(
      add,
      { type: 'begin', key: 'a.csv' },
      {
        type: 'refused',
        key: 'a.csv',
        error: refused('object_exists'),
      },
    );
    expect(asking[0]?.state).toBe('exists');
    expect(nextUploads(asking, { type: 'again', key: 'a.csv', replace: true })[0]).toMatchObject({
      state: 'waiting',
      name: 'a.csv',
      replace: true,
    });
    // Another name replaces nothing.
    expect(nextUploads(asking, { type: 'again', key: 'a.csv', name: 'a-2.csv' })[0]).toMatchObject({
      state: 'waiting',
      name: 'a-2.csv',
      replace: false,
    });
  });

  it('that fail are kept until they are dismissed, those that are stored go together', () => {
    const mixed = after(
      add,
      { type: 'refused', key: 'a.csv', error: refused('object_too_large') },
      { type: 'stored', key: 'b.csv', name: 'b.csv' },
    );
    const cleared = nextUploads(mixed, { type: 'clear' });
    expect(cleared.map(({ key, state }) => [key, state])).toEqual([
      ['a.csv', 'failed'],
      ['c.csv', 'waiting'],
    ]);
    expect(nextUploads(cleared, { type: 'remove', key: 'a.csv' })).toHaveLength(1);
  });
});

it.each([
  ['table.csv', 'table-2.csv'],
  ['model.tar.gz', 'model.tar-2.gz'],
  ['README', 'README-2'],
  ['2026-11.csv', '2026-11-2.csv'],
])('beside %s there is %s', (name, next) => {
  expect(nextName(name)).toBe(next);
});
