import type { JsonProblem } from '../json-editor/types';
import type { ProblemPart } from '../../api/error';
import { isObject } from '../jsonDiff';
import { fieldText } from '../problemText';
import type { JsonObject } from './jsonObject';

/** A problem as the server says it. */
export type Said = Pick<ProblemPart, 'pointer' | 'detail'> & Partial<ProblemPart>;

/** The problems of a part of a task, with pointers into that part. */
export function problemsBelow(part: '/config' | '/meta', problems: readonly Said[]): JsonProblem[] {
  return problems
    .filter(({ pointer }) => pointer === part || pointer.startsWith(`${part}/`))
    .map((problem) => {
      const setting = problem.params?.setting;
      return {
        pointer: problem.pointer.slice(part.length),
        detail: fieldText(problem),
        ...(typeof setting === 'string' && { setting }),
      };
    });
}

interface Sorted {
  /** Problems that no field shows: those of the whole, and those of keys that the form does not have. */
  whole: JsonProblem[];
  /** Problems that a field shows, or the text's place. */
  parts: JsonProblem[];
  /** Keys of the value that the form does not have. */
  unshown: string[];
}

/** Sorts problems by where they are shown; without a schema there is no form, and every place is in the text. */
export function sorted(
  problems: readonly JsonProblem[],
  value: JsonObject | null,
  schema: JsonObject | undefined,
): Sorted {
  const properties = isObject(schema?.properties) ? schema.properties : undefined;
  const required = Array.isArray(schema?.required) ? (schema.required as unknown[]) : [];
  const hasField = ({ pointer }: JsonProblem) =>
    pointer !== '' && (properties === undefined || topKeyOf(pointer) in properties);
  // A form has a field for what is missing; of one that it needs by its schema, it says so itself.
  const isSaid = ({ setting }: JsonProblem) => setting !== undefined && required.includes(setting);
  const told = problems
    .filter((problem) => problem.pointer !== '' || !isSaid(problem))
    .map((problem) => {
      const { pointer, setting } = problem;
      const inForm = pointer === '' && setting !== undefined && properties && setting in properties;
      return inForm ? { ...problem, pointer: `/${setting}` } : problem;
    });
  return {
    whole: told.filter((problem) => !hasField(problem)),
    parts: told.filter(hasField),
    unshown: properties ? Object.keys(value ?? {}).filter((key) => !(key in properties)) : [],
  };
}

function topKeyOf(pointer: string): string {
  return (pointer.split('/')[1] ?? '').replaceAll('~1', '/').replaceAll('~0', '~');
}
