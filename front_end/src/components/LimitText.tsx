import { useTranslation } from 'react-i18next';

import type { Schema } from '../api/client';
import { bytesText } from './time';
import { Time } from './Time';

/** In one sentence: which limit is reached, by whom, how much is taken, and what follows. */
export function useLimitText() {
  const { t, i18n } = useTranslation('components');
  return ({ code, partner, user, figure, limit, unit }: Schema<'ReachedLimit'>) => {
    const amount = (number: number) =>
      unit === 'bytes' ? bytesText(number, i18n.language) : number.toLocaleString(i18n.language);
    const who = partner?.name ?? user?.name ?? t('limit.somebody');
    return t(`limit.of.${code}`, { who, figure: amount(figure), limit: amount(limit) });
  };
}

/** Which setting changes the limit, and since when it is reached. */
export function LimitFacts({ reached: { setting, since } }: { reached: Schema<'ReachedLimit'> }) {
  const { t } = useTranslation('components');
  return (
    <span className="muted">
      {setting ? (
        <>
          {t('limit.setting')} <code>{setting}</code>
        </>
      ) : (
        t('limit.fixed')
      )}{' '}
      · {t('limit.since')} <Time at={since} />
    </span>
  );
}
