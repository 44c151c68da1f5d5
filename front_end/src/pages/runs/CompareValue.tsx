import { isValidElement } from 'react';
import { useTranslation } from 'react-i18next';

import { valueText } from '../../components/schemaTexts';

/** A value in a comparison. */
export function CompareValue({ value }: { value: unknown }) {
  const { t, i18n } = useTranslation();
  if (isValidElement(value)) return value;
  if (value === undefined) return <span className="muted">{t('none')}</span>;
  if (typeof value === 'number') {
    // Parameters are small decimals or whole numbers, results have many digits; either is to be read at a glance.
    const text = new Intl.NumberFormat(i18n.language, { maximumSignificantDigits: 6 }).format(value);
    return (
      <span className="numbers" title={String(value)}>
        {text}
      </span>
    );
  }
  if (typeof value === 'boolean') return t(value ? 'yes' : 'no');
  const text = valueText(value);
  if (typeof value === 'string' || Array.isArray(value)) return text ?? t('none');
  return <code>{JSON.stringify(value)}</code>;
}
