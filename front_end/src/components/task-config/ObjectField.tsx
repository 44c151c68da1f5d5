import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import type { JsonProblem } from '../json-editor/types';
import { JsonEditor } from '../JsonEditor';
import { type JsonObject, parseObject, textOf } from './jsonObject';

import './objectField.css';

interface Props {
  /** What it is, for screen readers. */
  label: string;
  /** Null while the text is no JSON object. */
  value?: JsonObject | null;
  onChange?: (value: JsonObject | null) => void;
  problems?: readonly JsonProblem[];
  readOnly?: boolean;
  height?: number;
}

/** A JSON object as text. What is typed stays as it is typed, also while it is not JSON. */
export function ObjectField({
  label,
  value = {},
  onChange,
  problems,
  readOnly = false,
  height = 200,
}: Props) {
  const { t } = useTranslation('tasks');
  const [typed, setTyped] = useState(() => ({ text: value ? textOf(value) : '', value }));
  // Another value from outside replaces the text; the one that was typed does not, because it would be formatted anew.
  const text = value === typed.value || value === null ? typed.text : textOf(value);
  const change = (next: string) => {
    if (next === text) return;
    const parsed = parseObject(next) ?? null;
    setTyped({ text: next, value: parsed });
    onChange?.(parsed);
  };
  return (
    <>
      <JsonEditor
        label={label}
        value={text}
        onChange={change}
        readOnly={readOnly}
        height={height}
        {...(problems && { problems })}
      />
      {value === null && (
        <div role="alert" className="field-error">
          {t('notAnObject')}
        </div>
      )}
    </>
  );
}
