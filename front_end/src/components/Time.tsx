import { useTranslation } from 'react-i18next';

import { exactTime, relativeTime } from './time';
import { useNow } from './useNow';

/** A moment: how long ago, and exactly (in the browser's zone) when one points at it. `exact` shows the latter at once. */
export function Time({ at, exact = false }: { at: string | null | undefined; exact?: boolean }) {
  const { t, i18n } = useTranslation('components');
  const now = useNow();
  if (!at) return <span>{t('time.never')}</span>;
  const full = exactTime(at, i18n.language);
  return (
    <time dateTime={at} title={full}>
      {exact ? full : relativeTime(at, i18n.language, now)}
    </time>
  );
}
