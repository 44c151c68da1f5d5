import type { JsonProblem } from '../../components/json-editor/types';

/** The problems of a part of a task, with pointers into that part. */
export function problemsBelow(part: '/config' | '/meta', problems: readonly JsonProblem[]): JsonProblem[] {
  return problems
    .filter(({ pointer }) => pointer === part || pointer.startsWith(`${part}/`))
    .map(({ pointer, detail }) => ({ pointer: pointer.slice(part.length), detail }));
}
