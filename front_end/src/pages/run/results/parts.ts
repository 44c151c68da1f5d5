import type { RunResult } from '../../../api/instances';
import { isObject } from '../../../components/jsonDiff';

/** A part of a result, by how it is shown. */
export type Part =
  | { kind: 'figures'; figures: readonly Figure[] }
  | { kind: 'roc'; points: readonly (readonly [number, number])[]; auc: number | undefined }
  | { kind: 'confusion'; classes: readonly string[]; counts: readonly (readonly number[])[] }
  | { kind: 'table'; columns: readonly string[]; rows: readonly Readonly<Record<string, unknown>>[] }
  | { kind: 'file'; name: string }
  | { kind: 'json'; value: unknown };

/** A number or word that says something by itself. */
export interface Figure {
  name: string;
  value: number | string | boolean;
}

/** How a result is shown. What has no form of its own is shown as JSON. */
export function partsOf({ value }: RunResult): Part[] {
  if (!isObject(value)) return [{ kind: 'json', value }];
  const { kind, ...document } = value;
  const parts = kind === 'binary_evaluation' ? evaluation(document) : generic(document);
  return parts.length > 0 ? parts : [{ kind: 'json', value }];
}

function evaluation({ roc, confusion, classes, ...others }: Record<string, unknown>): Part[] {
  const parts = generic(others);
  const [auc] = [others.auc];
  if (isPoints(roc)) parts.push({ kind: 'roc', points: roc, auc: typeof auc === 'number' ? auc : undefined });
  const counts = isObject(confusion) ? binaryCounts(confusion) : undefined;
  if (counts) parts.push({ kind: 'confusion', classes: names(classes), counts });
  return parts;
}

/** Single values are figures, lists of objects are tables, what was written to the object store is a file. */
function generic({ output, ...document }: Record<string, unknown>): Part[] {
  const entries = Object.entries(document).filter(([name]) => name !== 'output_uri');
  const figures = entries.flatMap(([name, value]): Figure[] => (isFigure(value) ? [{ name, value }] : []));
  const tables = entries.flatMap(([, value]): Part[] => (isRows(value) ? [table(value)] : []));
  const rest = entries.filter(([, value]) => value !== null && !isFigure(value) && !isRows(value));
  const parts: Part[] = [];
  if (figures.length > 0) parts.push({ kind: 'figures', figures });
  parts.push(...tables);
  if (rest.length > 0) parts.push({ kind: 'json', value: Object.fromEntries(rest) });
  if (typeof output === 'string') parts.push({ kind: 'file', name: output });
  return parts;
}

function table(rows: readonly Record<string, unknown>[]): Part {
  return { kind: 'table', columns: [...new Set(rows.flatMap((row) => Object.keys(row)))], rows };
}

function binaryCounts({
  true_negative: tn,
  false_positive: fp,
  false_negative: fn,
  true_positive: tp,
}: Record<string, unknown>) {
  const counts = [tn, fp, fn, tp].filter((count) => typeof count === 'number');
  const [a, b, c, d] = counts;
  return a !== undefined && b !== undefined && c !== undefined && d !== undefined
    ? [
        [a, b],
        [c, d],
      ]
    : undefined;
}

function names(classes: unknown): string[] {
  return Array.isArray(classes) ? classes.map(String) : ['0', '1'];
}

function isFigure(value: unknown): value is Figure['value'] {
  return ['number', 'string', 'boolean'].includes(typeof value);
}

function isRows(value: unknown): value is Record<string, unknown>[] {
  return Array.isArray(value) && value.length > 0 && value.every(isObject);
}

function isPoints(value: unknown): value is [number, number][] {
  const isPoint = (point: unknown) =>
    Array.isArray(point) && point.length === 2 && point.every(Number.isFinite);
  return Array.isArray(value) && value.every(isPoint);
}
