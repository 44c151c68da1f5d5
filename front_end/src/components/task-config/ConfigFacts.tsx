import { useTranslation } from 'react-i18next';

import { KeyValue } from '../KeyValue';
import { applicable, orderedKeys, propertyOf, titleOf, valueTitle } from '../schemaTexts';
import type { JsonObject } from './jsonObject';

/** A config that can only be read: what it says, and what holds where it says nothing. */
export function ConfigFacts({ schema, config }: { schema: JsonObject; config: JsonObject }) {
  const { t, i18n } = useTranslation(['tasks', 'common']);
  const known = orderedKeys(applicable(schema, config));
  const said = [
    ...known.filter((key) => key in config),
    ...Object.keys(config).filter((key) => !known.includes(key)),
  ];
  const silent = known.filter((key) => !(key in config));
  const label = (key: string) => titleOf(schema, key, i18n.language);
  const text = (key: string, value: unknown) =>
    typeof value === 'boolean'
      ? t(value ? 'common:yes' : 'common:no')
      : valueTitle(schema, key, value, i18n.language);
  return (
    <KeyValue
      items={[
        ...said.map((key) => ({ label: label(key), value: text(key, config[key]) })),
        ...silent.map((key) => {
          const given = text(key, propertyOf(schema, key).default);
          return {
            label: label(key),
            value: given && <span className="muted">{t('config.byDefault', { value: given })}</span>,
          };
        }),
      ]}
    />
  );
}
