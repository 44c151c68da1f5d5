import { useState } from 'react';

import { sameJson } from './jsonDiff';

/** What an operator edits of a row of the server, and how it stands to what the server has. */
export interface Draft<Row, Value> {
  value: Value;
  change: (value: Value) => void;
  /** Whether there is something to save. */
  dirty: boolean;
  /** The row to save over: its generation makes the server refuse when somebody was faster. */
  base: Row;
  /** The row that somebody else has changed in this very part meanwhile; undefined while there is none. */
  newer: Row | undefined;
  /** The part as it is stored now. */
  stored: Value;
  /** Gives up the own changes. */
  discard: () => void;
  /** Keeps the own changes, to be saved over the newer row. */
  keepMine: () => void;
}

/**
 * Edits a part of a row that others may change at the same time. As long as nothing is edited, or others changed other
 * parts, the draft follows the row by itself; what would be overwritten is shown as `newer`.
 */
export function useDraft<Row extends { id: string; generation: number }, Value>(
  row: Row,
  read: (row: Row) => Value,
): Draft<Row, Value> {
  const [state, setState] = useState({ base: row, edited: undefined as { value: Value } | undefined });
  const stored = read(row);
  const known = read(state.base);
  const value = state.edited ? state.edited.value : stored;
  const other = row.id !== state.base.id;
  const dirty = !other && state.edited !== undefined && !sameJson(value, known);
  const untouched = sameJson(stored, known);

  // A row that is not edited, or whose other parts were changed, is followed; done while rendering, so that no moment
  // shows the old text under the new row.
  if (row !== state.base && (other || !dirty || untouched || sameJson(value, stored))) {
    setState({ base: row, edited: other || !dirty ? undefined : state.edited });
  }

  return {
    value: other ? stored : value,
    change: (next) => setState({ base: state.base, edited: { value: next } }),
    dirty,
    base: state.base,
    newer: dirty && !untouched && row.generation !== state.base.generation ? row : undefined,
    stored,
    discard: () => setState({ base: row, edited: undefined }),
    keepMine: () => setState({ base: row, edited: state.edited }),
  };
}
