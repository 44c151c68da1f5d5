import { generateForm } from '@rjsf/antd';
import { ErrorSchemaBuilder } from '@rjsf/utils';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';

import { templates } from './templates';
import type { SchemaFormProps, JsonObject } from './types';
import { normalise } from './normalise';
import { uiSchemaOf } from './uiSchema';
import { useMessages } from './useMessages';
import { validatorFor } from './validator';
import { widgets } from './widgets';

import './form.css';

const RjsfForm = generateForm<JsonObject>();
const validator = validatorFor<JsonObject>();

// The page has the buttons: what is shown by a form can be shown as JSON too, and is saved the same way.
const noButton = { 'ui:submitButtonOptions': { norender: true } };
// What is shown is what is stored: opening a form changes nothing.
const AS_IT_IS = { emptyObjectFields: 'skipDefaults', arrayMinItems: { populate: 'never' } } as const;
// Short fields stand in pairs where there is room; form.css knows when there is none.
const look = {
  colon: false,
  labelAlign: 'left',
  colSpan: {
    suggested: 24,
    texts: 24,
    object: 24,
    array: 24,
    string: 12,
    number: 12,
    integer: 12,
    choice: 12,
  },
};

/** The form itself; pages use `SchemaForm`, which loads it. */
export default function Form({
  schema,
  value,
  onChange,
  problems,
  readOnly = false,
  disabled = false,
}: SchemaFormProps) {
  const { t } = useTranslation('components');
  const messages = useMessages();
  const shape = useMemo(() => normalise(schema), [schema]);
  const ui = useMemo(() => {
    const defaultIs = (value: string) => t('form.defaultIs', { value });
    return { ...noButton, ...uiSchemaOf(shape, { defaultIs, yes: t('form.yes'), no: t('form.no') }) };
  }, [shape, t]);
  const extraErrors = useMemo(() => {
    const builder = new ErrorSchemaBuilder<JsonObject>();
    for (const { pointer, detail } of problems ?? []) builder.addErrors(detail, pathOf(pointer));
    return builder.ErrorSchema;
  }, [problems]);

  return (
    <RjsfForm
      tagName="div"
      // Its own default is the id of the page's root element.
      idPrefix="setting"
      className="schema-form"
      widgets={widgets}
      templates={templates}
      formContext={look}
      schema={shape}
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
      experimental_defaultFormStateBehavior={AS_IT_IS}
      onChange={({ formData }) => {
        // A field that was emptied is not there, rather than there without a value.
        if (formData) onChange(JSON.parse(JSON.stringify(formData)) as JsonObject);
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
