import type { ErrorTransformer } from '@rjsf/utils';
import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';

import { isOneOf } from '../words';
import type { JsonObject } from './types';

/** Keywords of JSON Schema whose violations are told in the operator's language. */
const KEYWORDS = [
  'required',
  'type',
  'enum',
  'const',
  'minimum',
  'maximum',
  'exclusiveMinimum',
  'exclusiveMaximum',
  'multipleOf',
  'minLength',
  'maxLength',
  'minItems',
  'maxItems',
  'uniqueItems',
  'pattern',
  'format',
  'false',
] as const;

/** Puts the validator's sentences into the operator's language; those of rare keywords stay as they are. */
export function useMessages(): ErrorTransformer<JsonObject> {
  const { t } = useTranslation('components');
  return useCallback(
    (errors) =>
      errors.map((error) => {
        const { name = '', message = '' } = error;
        if (!isOneOf(KEYWORDS, name)) return error;
        // The limit is the last thing that the validator's sentence names.
        const limit = /([-+.\deE]+|"[^"]*"|\[.*\])\)?\.$/.exec(message)?.[1] ?? '';
        return { ...error, message: t(`form.error.${name}`, { limit: limit.replace(/^"|"$/g, '') }) };
      }),
    [t],
  );
}
