import { errorId, type FieldErrorProps } from '@rjsf/utils';

import type { JsonObject } from './types';

/** What is wrong with a field, each thing once: the library adds the server's problems again whenever they change. */
function FieldErrorTemplate({ errors = [], fieldPathId }: FieldErrorProps<JsonObject>) {
  if (errors.length === 0) return null;
  const texts = [...new Set(errors.map(String))];
  return (
    <div id={errorId(fieldPathId)}>
      {texts.map((text) => (
        <div key={text}>{text}</div>
      ))}
    </div>
  );
}

export const templates = { FieldErrorTemplate };
