import { Alert, Flex, Segmented } from 'antd';
import { useTranslation } from 'react-i18next';

import type { JsonProblem } from '../json-editor/types';
import { SchemaForm } from '../SchemaForm';
import { titleOf } from '../schemaTexts';
import { ConfigFacts } from './ConfigFacts';
import { sorted } from './problems';
import type { JsonObject } from './jsonObject';
import { ObjectField } from './ObjectField';

export type Mode = 'form' | 'json';

interface Props {
  label: string;
  /** The JSON Schema of the config; without one there is no form. */
  schema: JsonObject | undefined;
  mode: Mode;
  onMode: (mode: Mode) => void;
  /** Null while the text is no JSON object. */
  value: JsonObject | null;
  onChange: (value: JsonObject | null) => void;
  /** By JSON Pointers into the config. */
  problems: readonly JsonProblem[];
  readOnly?: boolean;
}

/** A config by form or as JSON: both show the same object, so one may change between them at any time. */
export function ConfigEditor({
  label,
  schema,
  mode,
  onMode,
  value,
  onChange,
  problems,
  readOnly = false,
}: Props) {
  const { t, i18n } = useTranslation('tasks');
  const named = (pointer: string) => titleOf(schema, pointer.slice(1), i18n.language);
  const byForm = mode === 'form' && schema !== undefined && value !== null;
  // The form marks what is needed; a form that nobody has filled in yet is not reproached.
  const untouched = byForm && Object.keys(value).length === 0;
  const { whole, parts, unshown } = sorted(problems, value, byForm ? schema : undefined);
  return (
    <Flex vertical gap={12} align="stretch">
      {schema ? (
        <Segmented<Mode>
          className="config-mode"
          aria-label={t('config.mode')}
          value={byForm ? 'form' : 'json'}
          onChange={onMode}
          options={[
            { value: 'form', label: t(readOnly ? 'config.list' : 'config.form'), disabled: value === null },
            { value: 'json', label: t('config.json') },
          ]}
        />
      ) : (
        <Alert type="info" showIcon title={t('config.noSchema')} />
      )}
      {!untouched &&
        whole.map(({ pointer, detail }) => (
          <Alert
            key={pointer + detail}
            type="error"
            showIcon
            title={pointer ? `${named(pointer)}: ${detail}` : detail}
          />
        ))}
      {unshown.length > 0 && !readOnly && (
        <Alert type="info" showIcon title={t('config.unshown', { keys: unshown.join(', ') })} />
      )}
      {byForm ? (
        <ByForm schema={schema} value={value} onChange={onChange} problems={parts} readOnly={readOnly} />
      ) : (
        <ObjectField
          label={label}
          value={value}
          onChange={onChange}
          problems={parts}
          readOnly={readOnly}
          height={320}
        />
      )}
    </Flex>
  );
}

interface ByFormProps extends Pick<Props, 'onChange' | 'problems'> {
  schema: JsonObject;
  value: JsonObject;
  readOnly: boolean;
}

/** A form whose fields cannot be changed is hard to read; then the values are listed. */
function ByForm({ schema, value, onChange, problems, readOnly }: ByFormProps) {
  const { i18n } = useTranslation();
  if (!readOnly) return <SchemaForm schema={schema} value={value} onChange={onChange} problems={problems} />;
  return (
    <>
      {problems.map(({ pointer, detail }) => (
        <Alert
          key={`${pointer} ${detail}`}
          type="error"
          showIcon
          title={pointer ? titleOf(schema, pointer.slice(1), i18n.language) : detail}
          description={pointer && detail}
        />
      ))}
      <ConfigFacts schema={schema} config={value} />
    </>
  );
}
