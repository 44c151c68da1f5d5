import { isObject, sameJson } from '../../components/jsonDiff';

/** One row of a comparison: a value of each run. */
export interface ComparedRow {
  /** The keys that lead to the value. */
  path: readonly string[];
  /** By run, in their order; undefined where a run does not have it. */
  values: readonly unknown[];
  differs: boolean;
  /** Which of the values are the best ones; none where no value is better than another. */
  best?: readonly number[];
}

/** Whether more is better, of what is measured everywhere; what else a figure is good for, its engine says. */
const LARGER_IS_BETTER: Readonly<Record<string, boolean>> = {
  accuracy: true,
  auc: true,
  f1: true,
  precision: true,
  recall: true,
  log_loss: false,
  loss: false,
};

/** Whether more of a figure is better; undefined where no value is better than another. */
export function largerIsBetter(
  name: string,
  main?: { name: string; larger_is_better?: boolean | null },
): boolean | undefined {
  if (main?.name === name) return main.larger_is_better ?? undefined;
  return Object.hasOwn(LARGER_IS_BETTER, name) ? LARGER_IS_BETTER[name] : undefined;
}

/** Marks the best values of a row, where larger or smaller ones are better. */
export function withBest(row: ComparedRow, larger: boolean | undefined): ComparedRow {
  const numbers = row.values.filter((value) => typeof value === 'number');
  if (larger === undefined || !row.differs || numbers.length < 2) return row;
  const best = larger ? Math.max(...numbers) : Math.min(...numbers);
  return { ...row, best: row.values.flatMap((value, index) => (value === best ? [index] : [])) };
}

/**
 * Documents of several runs, value by value. Objects are opened, lists are one value each; keys come in the order in
 * which the documents have them.
 */
export function compareDocuments(documents: readonly unknown[]): ComparedRow[] {
  const leaves = documents.map((document) => new Map(leavesOf(document, [])));
  const paths = new Map<string, readonly string[]>();
  for (const map of leaves) for (const [key, { path }] of map) paths.set(key, path);
  return [...paths].map(([key, path]) =>
    comparedRow(
      path,
      leaves.map((map) => map.get(key)?.value),
    ),
  );
}

export function comparedRow(path: readonly string[], values: readonly unknown[]): ComparedRow {
  const [first, ...others] = values;
  return { path, values, differs: others.some((other) => !sameJson(first, other)) };
}

type Leaf = [key: string, leaf: { path: readonly string[]; value: unknown }];

function leavesOf(value: unknown, path: readonly string[]): Leaf[] {
  if (isObject(value) && (path.length === 0 || Object.keys(value).length > 0)) {
    return Object.entries(value).flatMap(([key, inner]) => leavesOf(inner, [...path, key]));
  }
  // Only an absent document has no path.
  return path.length === 0 ? [] : [[JSON.stringify(path), { path, value }]];
}
