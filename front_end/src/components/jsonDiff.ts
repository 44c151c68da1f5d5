/** How a value stands on the two sides of a comparison. */
export type Difference = 'same' | 'differs' | 'onlyLeft' | 'onlyRight';

/** One value of two JSON documents, by its JSON Pointer. */
export interface DiffRow {
  pointer: string;
  /** The keys that lead to it, for people. */
  label: string;
  difference: Difference;
  left?: unknown;
  right?: unknown;
}

/**
 * Two documents, value by value. Objects are compared key by key, whatever the keys' order; lists are one value each,
 * because their entries have no names to find them by.
 */
export function diffJson(left: unknown, right: unknown): DiffRow[] {
  const rows: DiffRow[] = [];
  walk(left ?? {}, right ?? {}, [], rows);
  return rows;
}

/** Only what is not the same. */
export function changesOf(left: unknown, right: unknown): DiffRow[] {
  return diffJson(left, right).filter(({ difference }) => difference !== 'same');
}

/** Whether two JSON values mean the same. */
export function sameJson(left: unknown, right: unknown): boolean {
  if (Object.is(left, right)) return true;
  if (Array.isArray(left) && Array.isArray(right)) {
    return left.length === right.length && left.every((value, index) => sameJson(value, right[index]));
  }
  if (!isObject(left) || !isObject(right)) return false;
  const keys = new Set([...Object.keys(left), ...Object.keys(right)]);
  return [...keys].every((key) => key in left && key in right && sameJson(left[key], right[key]));
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function walk(left: unknown, right: unknown, path: string[], rows: DiffRow[]): void {
  const bothOpen = isObject(left) && isObject(right);
  // An empty object is a value of its own below the top, else it would not be seen.
  const worthOpening = bothOpen && (path.length === 0 || Object.keys({ ...left, ...right }).length > 0);
  if (!worthOpening) {
    rows.push({ ...row(path, sameJson(left, right) ? 'same' : 'differs'), left, right });
    return;
  }
  for (const key of new Set([...Object.keys(left), ...Object.keys(right)])) {
    const here = [...path, key];
    if (!(key in right)) rows.push({ ...row(here, 'onlyLeft'), left: left[key] });
    else if (!(key in left)) rows.push({ ...row(here, 'onlyRight'), right: right[key] });
    else walk(left[key], right[key], here, rows);
  }
}

function row(path: string[], difference: Difference) {
  const pointer = path.map((key) => `/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
  return { pointer, label: path.join(' › '), difference };
}
