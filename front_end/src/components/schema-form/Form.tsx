import { generateForm } from '@rjsf/antd';
import { ErrorSchemaBuilder, type UiSchema } from '@rjsf/utils';
import { useMemo } from 'react';

import type { SchemaFormProps, JsonObject } from './types';
import { useMessages } from './useMessages';
import { validatorFor } from './validator';

const RjsfForm = generateForm<JsonObject>();
const validator = validatorFor<JsonObject>();

// The page has the buttons: what is shown by a form can be shown as JSON too, and is saved the same way.
const ui: UiSchema<JsonObject> = { 'ui:submitButtonOptions': { norender: true } };

/** The form itself; pages use `SchemaForm`, which loads it. */
export default function Form({
  schema,
  value,
  onChange,
  problems,
  readOnly = false,
  disabled = false,
}: SchemaFormProps) {
  const messages = useMessages();
  const extraErrors = useMemo(() => {
    const builder = new ErrorSchemaBuilder<JsonObject>();
    for (const { pointer, detail } of problems ?? []) builder.addErrors(detail, pathOf(pointer));
    return builder.ErrorSchema;
  }, [problems]);

  return (
    <RjsfForm
      tagName="div"
      schema={schema}
      uiSchema={ui}
      validator={validator}
      formData={value}
      extraErrors={extraErrors}
      transformErrors={messages}
      liveValidate="onChange"
      showErrorList={false}
      noHtml5Validate
      readonly={readOnly}
      disabled={disabled}
      experimental_defaultFormStateBehavior={{ emptyObjectFields: 'populateRequiredDefaults' }}
      onChange={({ formData }) => {
        if (formData) onChange(formData);
      }}
    />
  );
}

/** The field that a JSON Pointer names, as the form's path. */
function pathOf(pointer: string): string[] {
  return pointer
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
}
