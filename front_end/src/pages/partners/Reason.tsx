import { useTranslation } from 'react-i18next';

/** Why something is as it is, in the server's words; nothing without a text. */
export function Reason({ text }: { text: string | null | undefined }) {
  const { t } = useTranslation('partners');
  if (!text) return null;
  return (
    <div>
      {t('notice.reason')} <q>{text}</q>
    </div>
  );
}
