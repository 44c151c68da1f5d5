import type { Engine } from '../../api/engines';
import type { Task } from '../../api/tasks';
import { isObject } from '../jsonDiff';
import type { JsonObject } from './jsonObject';

export interface EngineOfTask {
  engine: Engine;
  /** Whether the task names it, or takes the console's default. */
  named: boolean;
  /** The JSON Schema of the config; undefined when the engine does not run tasks of this type. */
  schema: JsonObject | undefined;
  /** Keys of both metas that must be equal where both sides state them. */
  matchingKeys: readonly string[];
  /** The figure of the results that says most. */
  mainFigure: { name: string; larger_is_better?: boolean | null } | undefined;
}

/** The engine that runs a task; undefined when the console has none of that name. */
export function engineOf(
  engines: readonly Engine[] | undefined,
  { engine: name, task_type }: Pick<Task, 'engine' | 'task_type'>,
): EngineOfTask | undefined {
  const engine = engines?.find((candidate) => (name ? candidate.name === name : candidate.default));
  if (!engine) return undefined;
  const type = engine.types[task_type];
  const schema = isObject(type?.config_schema) ? type.config_schema : undefined;
  return {
    engine,
    named: Boolean(name),
    schema,
    matchingKeys: type?.matching_keys ?? [],
    mainFigure: type?.main_figure ?? undefined,
  };
}

/** The engines that run tasks of a type. */
export function enginesFor(engines: readonly Engine[] | undefined, type: string): Engine[] {
  return (engines ?? []).filter(({ types }) => type in types);
}
