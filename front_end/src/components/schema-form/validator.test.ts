import { describe, expect, it } from 'vitest';

import type { JsonObject } from './types';
import { validatorFor } from './validator';

const schema = {
  type: 'object' as const,
  required: ['rows'],
  additionalProperties: false,
  properties: {
    rows: { type: 'integer' as const, minimum: 1 },
    model: { $ref: '#/$defs/model' },
  },
  $defs: {
    model: {
      type: 'object' as const,
      properties: { rate: { type: 'number' as const, exclusiveMinimum: 0 } },
    },
  },
};

function problems(data: JsonObject) {
  const { errors } = validatorFor<JsonObject>().validateFormData(data, schema);
  return errors.map(({ property, name }) => [property, name]);
}

describe('the validator of forms', () => {
  it('finds nothing wrong with what fits', () => {
    expect(problems({ rows: 3, model: { rate: 0.1 } })).toEqual([]);
  });

  it.each([
    [{}, '.rows', 'required'],
    [{ rows: 0 }, '.rows', 'minimum'],
    [{ rows: 'many' }, '.rows', 'type'],
    [{ rows: 1, model: { rate: 0 } }, '.model.rate', 'exclusiveMinimum'],
    [{ rows: 1, typo: 1 }, '.typo', 'false'],
  ])('%j is wrong at %s', (data, property, name) => {
    expect(problems(data)).toEqual([[property, name]]);
  });

  it('checks a part of a schema with the definitions of the whole', () => {
    const part = { $ref: '#/$defs/model' };
    const validator = validatorFor<JsonObject>();
    expect(validator.isValid(part, { rate: 1 }, schema)).toBe(true);
    expect(validator.isValid(part, { rate: -1 }, schema)).toBe(false);
  });
});
