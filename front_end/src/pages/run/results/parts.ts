import type { RunResult } from '../../../api/instances';
import type { Schema } from '../../../api/client';
import { isObject } from '../../../components/jsonDiff';

/** A part of a result, by how it is shown. */
export type Part =
  | { kind: 'figures'; figures: readonly Figure[]; title?: string }
  | { kind: 'curve'; curve: Schema<'CurveDocument'> }
  | { kind: 'confusion'; classes: readonly string[]; counts: readonly (readonly number[])[] }
  | { kind: 'table'; columns: readonly string[]; rows: readonly (readonly unknown[])[]; title?: string }
  | { kind: 'file'; name: string; rows: number | undefined; pending: boolean; deleted: boolean }
  | { kind: 'json'; value: unknown };

/** Something in an engine's words, with the word for it that programs know. */
export interface Coded {
  code: string;
  text: string;
  /** The same in simplified Chinese, if the engine says it so. */
  zh?: string;
}

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

/**
 * Of what has no form of its own, single values are figures, lists are tables, and objects of single values are figures
 * with a title. The whole comes last, as it is.
 */
function json(value: unknown): Part[] {
  if (!isObject(value)) return [{ kind: 'json', value }];
  const entries = Object.entries(value);
  const figures = entries.flatMap(([name, value]): Figure[] => (isFigure(value) ? [{ name, value }] : []));
  return [
    ...(figures.length > 0 ? [{ kind: 'figures', figures } as const] : []),
    ...entries.flatMap(([name, value]) => titled(name, value)),
    { kind: 'json', value },
  ];
}

function titled(title: string, value: unknown): Part[] {
  if (isRows(value)) return [{ ...table(value), title }];
  if (isFigures(value)) return [{ kind: 'table', columns: [title], rows: value.map((one) => [one]) }];
  if (!isObject(value)) return [];
  const figures = Object.entries(value).flatMap(([name, value]) =>
    isFigure(value) ? [{ name, value }] : [],
  );
  return figures.length > 0 ? [{ kind: 'figures', figures, title }] : [];
}

function table(objects: readonly Record<string, unknown>[]): Part & { kind: 'table' } {
  const known = objects.map(codedReason);
  const columns = [...new Set(known.flatMap((row) => Object.keys(row)))];
  return { kind: 'table', columns, rows: known.map((row) => columns.map((column) => row[column])) };
}

/** A reason and the word for it are one thing. */
function codedReason({
  code,
  reason,
  reason_zh: zh,
  ...others
}: Record<string, unknown>): Record<string, unknown> {
  if (typeof code !== 'string' || typeof reason !== 'string') {
    return { ...others, ...(code !== undefined && { code }), ...(reason !== undefined && { reason }) };
  }
  return { ...others, reason: { code, text: reason, ...(typeof zh === 'string' && { zh }) } satisfies Coded };
}

export function isCoded(value: unknown): value is Coded {
  return isObject(value) && typeof value.code === 'string' && typeof value.text === 'string';
}

export function isFigures(value: unknown): value is Figure['value'][] {
  return Array.isArray(value) && value.length > 0 && value.every(isFigure);
}

function isFigure(value: unknown): value is Figure['value'] {
  return ['number', 'string', 'boolean'].includes(typeof value);
}

function isRows(value: unknown): value is Record<string, unknown>[] {
  return Array.isArray(value) && value.length > 0 && value.every(isObject);
}
