import type { RunResult } from '../../../api/instances';
import type { Schema } from '../../../api/client';
import { isObject } from '../../../components/jsonDiff';

/** A part of a result, by how it is shown. */
export type Part =
  | { kind: 'figures'; figures: readonly Figure[] }
  | { kind: 'curve'; curve: Schema<'CurveDocument'> }
  | { kind: 'confusion'; classes: readonly string[]; counts: readonly (readonly number[])[] }
  | { kind: 'table'; columns: readonly string[]; rows: readonly (readonly unknown[])[] }
  | { kind: 'file'; name: string; rows: number | undefined; pending: boolean; deleted: boolean }
  | { kind: 'json'; value: unknown };

/** A number or word that says something by itself. */
export interface Figure {
  name: string;
  value: number | string | boolean;
}

/** How a result is shown. */
export function partsOf({ document, pending, deleted }: RunResult): Part[] {
  switch (document.kind) {
    case 'counts':
      return [
        { kind: 'figures', figures: document.counts.map(({ name, count }) => ({ name, value: count })) },
      ];
    case 'scores':
      return [{ kind: 'figures', figures: scores(document) }];
    case 'curve':
      return [{ kind: 'curve', curve: document }];
    case 'confusion_matrix':
      return [{ kind: 'confusion', classes: document.classes, counts: document.counts }];
    case 'table':
      return [{ kind: 'table', columns: document.columns, rows: document.rows }];
    case 'file':
      return [{ kind: 'file', name: document.object, rows: document.rows ?? undefined, pending, deleted }];
    case 'json':
      return json(document.value);
  }
}

function scores({ part, rows, scores }: Schema<'ScoresDocument'>): Figure[] {
  const known = scores.flatMap(({ name, value }) => (value == null ? [] : [{ name, value }]));
  if (rows != null) known.push({ name: 'rows', value: rows });
  return part == null ? known : [...known, { name: 'part', value: part }];
}

/** Of what has no form of its own, single values are figures and lists of objects are tables. */
function json(value: unknown): Part[] {
  if (!isObject(value)) return [{ kind: 'json', value }];
  const entries = Object.entries(value);
  const figures = entries.flatMap(([name, value]): Figure[] => (isFigure(value) ? [{ name, value }] : []));
  const rest = entries.filter(([, value]) => value !== null && !isFigure(value) && !isRows(value));
  const parts: Part[] = figures.length > 0 ? [{ kind: 'figures', figures }] : [];
  parts.push(...entries.flatMap(([, value]) => (isRows(value) ? [table(value)] : [])));
  if (rest.length > 0) parts.push({ kind: 'json', value: Object.fromEntries(rest) });
  return parts.length > 0 ? parts : [{ kind: 'json', value }];
}

function table(objects: readonly Record<string, unknown>[]): Part {
  const columns = [...new Set(objects.flatMap((row) => Object.keys(row)))];
  return { kind: 'table', columns, rows: objects.map((row) => columns.map((column) => row[column])) };
}

function isFigure(value: unknown): value is Figure['value'] {
  return ['number', 'string', 'boolean'].includes(typeof value);
}

function isRows(value: unknown): value is Record<string, unknown>[] {
  return Array.isArray(value) && value.length > 0 && value.every(isObject);
}
