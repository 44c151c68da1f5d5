import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';

/** Numbers for people, in their language. */
export function useNumbers() {
  const { t, i18n } = useTranslation();
  return useMemo(() => {
    const whole = new Intl.NumberFormat(i18n.language);
    const decimal = new Intl.NumberFormat(i18n.language, { maximumSignificantDigits: 5 });
    const share = new Intl.NumberFormat(i18n.language, { style: 'percent', maximumFractionDigits: 1 });
    return {
      number: (value: number) => (Number.isInteger(value) ? whole : decimal).format(value),
      percent: (value: number | undefined) => (value === undefined ? t('none') : share.format(value)),
    };
  }, [t, i18n.language]);
}
