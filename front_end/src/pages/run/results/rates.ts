/** What a confusion matrix says about one class: rows are what was true, columns what was predicted. */
export interface ClassRates {
  /** Of those that are of the class, how many were found; undefined when there are none. */
  recall: number | undefined;
  /** Of those that were said to be of it, how many are; undefined when none was. */
  precision: number | undefined;
  total: number;
}

export function ratesOf(counts: readonly (readonly number[])[]): ClassRates[] {
  return counts.map((row, index) => {
    const hits = row[index] ?? 0;
    const total = sum(row);
    return {
      recall: share(hits, total),
      precision: share(hits, sum(counts.map((other) => other[index] ?? 0))),
      total,
    };
  });
}

/** How many of all were right; undefined for an empty matrix. */
export function accuracyOf(counts: readonly (readonly number[])[]): number | undefined {
  return share(sum(counts.map((row, index) => row[index] ?? 0)), sum(counts.map(sum)));
}

/** A part of a whole; undefined of nothing. */
export function share(part: number, whole: number): number | undefined {
  return whole === 0 ? undefined : part / whole;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
