import { useTranslation } from 'react-i18next';

import { isObject } from '../../components/jsonDiff';
import { KeyValue } from '../../components/KeyValue';
import type { JsonObject } from './jsonObject';

/** A config that can only be read: what it says, and what holds where it says nothing. */
export function ConfigFacts({ schema, config }: { schema: JsonObject; config: JsonObject }) {
  const { t } = useTranslation('tasks');
  const properties = isObject(schema.properties) ? schema.properties : {};
  const said = Object.keys(config);
  const silent = Object.keys(properties).filter((key) => !(key in config));
  return (
    <KeyValue
      items={[
        ...said.map((key) => ({ label: key, value: <code>{textOfValue(config[key])}</code> })),
        ...silent.map((key) => {
          const property = properties[key];
          const given = isObject(property) ? property.default : undefined;
          return {
            label: key,
            value: says(given) && (
              <span className="muted">{t('config.byDefault', { value: textOfValue(given) })}</span>
            ),
          };
        }),
      ]}
    />
  );
}

function textOfValue(value: unknown): string {
  if (typeof value === 'string') return value;
  if (Array.isArray(value) && value.every((entry) => typeof entry === 'string')) return value.join(', ');
  return JSON.stringify(value);
}

/** Whether a default says anything; null and an empty list stand for "not given". */
function says(given: unknown): boolean {
  return given !== undefined && given !== null && !(Array.isArray(given) && given.length === 0);
}
