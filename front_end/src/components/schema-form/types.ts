import type { JsonProblem } from '../json-editor/types';

export type JsonObject = Record<string, unknown>;

export interface SchemaFormProps {
  /** A JSON Schema (2020-12, 2019-09 or draft 7) of an object, as an engine gives it. */
  schema: JsonObject;
  value: JsonObject;
  onChange: (value: JsonObject) => void;
  /** What the server found wrong, shown at the fields besides what the schema says. */
  problems?: readonly JsonProblem[];
  readOnly?: boolean;
  disabled?: boolean;
}
