import { type OutputUnit, type Schema, Validator as CfValidator } from '@cfworker/json-schema';
import {
  type CustomValidator,
  type ErrorTransformer,
  type FormContextType,
  type RJSFSchema,
  type RJSFValidationError,
  type StrictRJSFSchema,
  toErrorList,
  toErrorSchema,
  type UiSchema,
  unwrapErrorHandler,
  validationDataMerge,
  type ValidationData,
  type ValidatorType,
  createErrorHandler,
} from '@rjsf/utils';

type Draft = ConstructorParameters<typeof CfValidator>[1];

function draftOf({ $schema = '' }: { $schema?: string | undefined }): Draft {
  if ($schema.includes('draft-07')) return '7';
  return $schema.includes('2019-09') ? '2019-09' : '2020-12';
}

// These only say that something below them is wrong, which has an error of its own.
const SUMMARIES = new Set([
  'properties',
  'items',
  'prefixItems',
  '$ref',
  'allOf',
  'additionalProperties',
  'then',
  'else',
  'if',
]);

/**
 * Checks form data against JSON Schemas by walking them. The common validators compile a schema to code, which the
 * console's Content-Security-Policy forbids.
 */
class InterpretingValidator<
  T,
  S extends StrictRJSFSchema,
  F extends FormContextType,
> implements ValidatorType<T, S, F> {
  private readonly compiled = new WeakMap<object, CfValidator>();

  isValid(schema: S, formData: T | undefined, rootSchema: S): boolean {
    // A part of a schema refers to definitions of the whole.
    const definitions = { $defs: rootSchema.$defs, definitions: rootSchema.definitions };
    const whole = { ...definitions, ...schema } as Schema;
    return new CfValidator(whole, draftOf(rootSchema)).validate(withoutUndefined(formData)).valid;
  }

  // eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- the interface has it
  rawValidation<Result = OutputUnit>(
    schema: S,
    formData?: T,
  ): { errors?: Result[]; validationError?: Error } {
    try {
      const { errors } = this.of(schema).validate(withoutUndefined(formData));
      return { errors: errors as Result[] };
    } catch (thrown) {
      return { validationError: thrown instanceof Error ? thrown : new Error(String(thrown)) };
    }
  }

  validateFormData(
    formData: T | undefined,
    schema: S,
    customValidate?: CustomValidator<T, S, F>,
    transformErrors?: ErrorTransformer<T, S, F>,
    uiSchema?: UiSchema<T, S, F>,
  ): ValidationData<T> {
    const { errors: found = [], validationError } = this.rawValidation(schema, formData);
    let errors = found.filter(({ keyword }) => !SUMMARIES.has(keyword)).map(asRjsf);
    if (validationError) errors.push({ stack: validationError.message });
    if (transformErrors) errors = transformErrors(errors, uiSchema);
    const data = { errors, errorSchema: toErrorSchema<T>(errors) };
    if (!customValidate) return data;
    const handler = customValidate(
      formData,
      createErrorHandler<T>(formData as T),
      uiSchema,
      data.errorSchema,
    );
    const custom = unwrapErrorHandler<T>(handler);
    return validationDataMerge(data, custom);
  }

  toErrorList = toErrorList;

  private of(schema: S): CfValidator {
    let validator = this.compiled.get(schema);
    if (!validator) {
      validator = new CfValidator(schema as Schema, draftOf(schema), false);
      this.compiled.set(schema, validator);
    }
    return validator;
  }
}

/** A form's empty fields are undefined, which JSON does not have. */
function withoutUndefined(data: unknown): unknown {
  return data === undefined ? {} : (JSON.parse(JSON.stringify(data)) as unknown);
}

/** "#/a/0/b" as the property path that the form knows its fields by, and a missing property at its own field. */
function asRjsf({ instanceLocation, keyword, error }: OutputUnit): RJSFValidationError {
  const path = instanceLocation
    .replace(/^#\/?/, '')
    .split('/')
    .filter(Boolean)
    .map((part) => decodeURIComponent(part).replaceAll('~1', '/').replaceAll('~0', '~'));
  const missing = keyword === 'required' ? /"([^"]+)"/.exec(error)?.[1] : undefined;
  if (missing !== undefined) path.push(missing);
  const property = path.map((part) => `.${part}`).join('');
  return { name: keyword, property, message: error, stack: `${property} ${error}`.trim() };
}

/** The validator of all forms that a schema describes. */
export function validatorFor<
  T,
  S extends StrictRJSFSchema = RJSFSchema,
  F extends FormContextType = FormContextType,
>(): ValidatorType<T, S, F> {
  return new InterpretingValidator<T, S, F>();
}
