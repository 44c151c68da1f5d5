import { generateForm } from '@rjsf/antd';
import { ErrorSchemaBuilder } from '@rjsf/utils';
import { Collapse } from 'antd';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';

import { isObject } from '../jsonDiff';
import { applicable, applies, isAdvanced, localised } from '../schemaTexts';
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

/** The form itself; pages use `SchemaForm`, which loads it. What is rarely needed is folded away. */
export default function Form({ schema, value, ...others }: SchemaFormProps) {
  const { t, i18n } = useTranslation('components');
  // The shape changes when other settings come to mean something, and not whenever somebody types.
  const meant = keysOf(schema)
    .filter((key) => applies(schema, key, value))
    .join(' ');
  const shape = useMemo(
    () => normalise(localised(applicable(schema, value), i18n.language)),
    // eslint-disable-next-line react-hooks/exhaustive-deps -- of the value, only what it makes applicable counts
    [schema, i18n.language, meant],
  );
  const [plain, advanced] = useMemo(() => splitByNeed(shape), [shape]);
  const { problems = [] } = others;
  const concerned = (part: JsonObject) =>
    keysOf(part).some((key) => key in value || problems.some(({ pointer }) => pathOf(pointer)[0] === key));
  // It stays open while somebody empties the last field in it.
  const [open, setOpen] = useState(() => concerned(advanced));
  const isOpen = open || problems.some(({ pointer }) => keysOf(advanced).includes(pathOf(pointer)[0] ?? ''));
  return (
    <>
      <Fields shape={plain} value={value} {...others} />
      {keysOf(advanced).length > 0 && (
        <Collapse
          ghost
          className="advanced-settings"
          activeKey={isOpen ? 'advanced' : []}
          onChange={(keys) => setOpen(keys.length > 0)}
          items={[
            {
              key: 'advanced',
              label: t('form.advanced'),
              children: <Fields shape={advanced} value={value} {...others} />,
            },
          ]}
        />
      )}
    </>
  );
}

interface FieldsProps extends Omit<SchemaFormProps, 'schema'> {
  /** The part of the schema that is shown. */
  shape: JsonObject;
}

function Fields({ shape, value, onChange, problems, readOnly = false, disabled = false }: FieldsProps) {
  const { t } = useTranslation('components');
  const messages = useMessages();
  const ui = useMemo(() => {
    const defaultIs = (value: string) => t('form.defaultIs', { value });
    return { ...noButton, ...uiSchemaOf(shape, { defaultIs, yes: t('form.yes'), no: t('form.no') }) };
  }, [shape, t]);
  const keys = keysOf(shape);
  const extraErrors = useMemo(() => {
    const builder = new ErrorSchemaBuilder<JsonObject>();
    for (const { pointer, detail } of problems ?? []) {
      const path = pathOf(pointer);
      if (keysOf(shape).includes(path[0] ?? '')) builder.addErrors(detail, path);
    }
    return builder.ErrorSchema;
  }, [problems, shape]);

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
      formData={pick(value, (key) => keys.includes(key))}
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
        if (formData) {
          const said = JSON.parse(JSON.stringify(formData)) as JsonObject;
          onChange({ ...pick(value, (key) => !keys.includes(key)), ...said });
        }
      }}
    />
  );
}

function keysOf({ properties }: JsonObject): string[] {
  return isObject(properties) ? Object.keys(properties) : [];
}

function pick(value: JsonObject, wanted: (key: string) => boolean): JsonObject {
  return Object.fromEntries(Object.entries(value).filter(([key]) => wanted(key)));
}

/** The schema without the settings that are rarely needed, and the one with nothing else. */
function splitByNeed(schema: JsonObject): [JsonObject, JsonObject] {
  const properties = isObject(schema.properties) ? schema.properties : {};
  const required = Array.isArray(schema.required) ? (schema.required as unknown[]) : [];
  const part = (advanced: boolean): JsonObject => ({
    ...schema,
    properties: pick(properties, (key) => isAdvanced(schema, key) === advanced),
    required: required.filter(
      (key) => typeof key === 'string' && key in properties && isAdvanced(schema, key) === advanced,
    ),
  });
  return [part(false), part(true)];
}

/** The field that a JSON Pointer names, as the form's path. */
function pathOf(pointer: string): string[] {
  return pointer
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
}
