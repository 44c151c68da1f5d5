import type { WidgetProps } from '@rjsf/utils';
import { AutoComplete, Select } from 'antd';

import { isObject } from '../jsonDiff';
import type { JsonObject } from './types';

type Props = WidgetProps<JsonObject>;

function examplesOf(schema: unknown): string[] {
  const examples = isObject(schema) ? schema.examples : undefined;
  return Array.isArray(examples) ? examples.filter((example) => typeof example === 'string') : [];
}

/** A list of texts: what the schema suggests can be chosen, everything else typed. An empty list is not stored. */
function TextsWidget({ id, value, onChange, disabled, readonly, schema, options }: Props) {
  const texts = Array.isArray(value) ? value.map(String) : [];
  return (
    <Select<string[]>
      id={id}
      mode="tags"
      value={texts}
      disabled={disabled === true || readonly === true}
      onChange={(next) => onChange(next.length > 0 ? next : undefined)}
      options={examplesOf(schema.items).map((text) => ({ value: text, label: text }))}
      // The library hands it over in no other way for lists.
      placeholder={options.placeholder}
      tokenSeparators={[',', '\n']}
      style={{ width: '100%' }}
    />
  );
}

/** A text that the schema has suggestions for. */
function SuggestedWidget({ id, value, onChange, disabled, readonly, schema, placeholder }: Props) {
  return (
    <AutoComplete
      id={id}
      value={typeof value === 'string' ? value : ''}
      disabled={disabled === true || readonly === true}
      placeholder={placeholder}
      onChange={(next: string) => onChange(next === '' ? undefined : next)}
      options={examplesOf(schema).map((text) => ({ value: text, label: text }))}
      style={{ width: '100%' }}
    />
  );
}

/** One of several values; what was chosen can be taken back, so that the default holds again. */
function ChoiceWidget({ id, value, onChange, disabled, readonly, placeholder, options }: Props) {
  const choices = options.enumOptions ?? [];
  const chosen = choices.findIndex((choice) => choice.value === value);
  return (
    <Select<number>
      id={id}
      value={chosen === -1 ? null : chosen}
      disabled={disabled === true || readonly === true}
      allowClear
      placeholder={placeholder ?? options.placeholder}
      onChange={(index: number | undefined) =>
        onChange(index === undefined ? undefined : choices[index]?.value)
      }
      options={choices.map(({ label }, index) => ({ value: index, label }))}
      style={{ width: '100%' }}
    />
  );
}

export const widgets = { texts: TextsWidget, suggested: SuggestedWidget, choice: ChoiceWidget };
