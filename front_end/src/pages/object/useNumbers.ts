import { useTranslation } from 'react-i18next';

/** Numbers as the operator's language writes them. */
export function useNumbers() {
  const { language } = useTranslation().i18n;
  const figures = new Intl.NumberFormat(language, { maximumSignificantDigits: 5 });
  const wide = new Intl.NumberFormat(language, { maximumSignificantDigits: 5, notation: 'scientific' });
  const count = new Intl.NumberFormat(language);
  const percent = new Intl.NumberFormat(language, { style: 'percent', maximumFractionDigits: 1 });
  return {
    /** A value of a table. */
    number: (value: number) => {
      const size = Math.abs(value);
      return (size !== 0 && (size < 1e-4 || size >= 1e12) ? wide : figures).format(value);
    },
    /** A count. */
    whole: (value: number) => count.format(value),
    /** A part of all. */
    share: (part: number, all: number) => percent.format(all > 0 ? part / all : 0),
  };
}
