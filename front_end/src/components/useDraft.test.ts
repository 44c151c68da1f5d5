import { act, renderHook } from '@testing-library/react';
import { describe, expect, it } from 'vitest';

import { useDraft } from './useDraft';

interface Row {
  id: string;
  generation: number;
  config: { epochs: number };
  comment?: string;
}
const row = (generation: number, epochs: number, comment?: string): Row => ({
  id: 'a',
  generation,
  config: { epochs },
  ...(comment !== undefined && { comment }),
});
const edit = (first: Row) =>
  renderHook(({ row }) => useDraft(row, ({ config }) => config), { initialProps: { row: first } });

describe('useDraft', () => {
  it('follows the row as long as nothing is edited', () => {
    const { result, rerender } = edit(row(1, 30));
    rerender({ row: row(2, 40) });
    expect(result.current).toMatchObject({ value: { epochs: 40 }, dirty: false, newer: undefined });
    expect(result.current.base.generation).toBe(2);
  });

  it('shows what others made of the edited part, and lets choose', () => {
    const { result, rerender } = edit(row(1, 30));
    act(() => result.current.change({ epochs: 50 }));
    rerender({ row: row(2, 40) });
    expect(result.current).toMatchObject({ value: { epochs: 50 }, dirty: true });
    expect(result.current.newer?.config.epochs).toBe(40);
    expect(result.current.base.generation).toBe(1);
    act(() => result.current.keepMine());
    expect(result.current).toMatchObject({ value: { epochs: 50 }, dirty: true, newer: undefined });
    expect(result.current.base.generation).toBe(2);
    act(() => result.current.discard());
    expect(result.current).toMatchObject({ value: { epochs: 40 }, dirty: false });
  });

  it('keeps the edited part when others change another one', () => {
    const { result, rerender } = edit(row(1, 30));
    act(() => result.current.change({ epochs: 50 }));
    rerender({ row: row(2, 30, 'theirs') });
    expect(result.current).toMatchObject({ value: { epochs: 50 }, dirty: true, newer: undefined });
    expect(result.current.base.generation).toBe(2);
  });

  it('is clean after what was edited is stored', () => {
    const { result, rerender } = edit(row(1, 30));
    act(() => result.current.change({ epochs: 50 }));
    rerender({ row: row(2, 50) });
    expect(result.current).toMatchObject({ value: { epochs: 50 }, dirty: false, newer: undefined });
  });

  it('forgets the edits of another row', () => {
    const { result, rerender } = edit(row(1, 30));
    act(() => result.current.change({ epochs: 50 }));
    rerender({ row: { ...row(1, 10), id: 'b' } });
    expect(result.current).toMatchObject({ value: { epochs: 10 }, dirty: false });
  });
});
