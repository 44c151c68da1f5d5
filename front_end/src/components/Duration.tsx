import { useTranslation } from 'react-i18next';

import { durationText } from './time';
import { useNow } from './useNow';

interface Props {
  from: string | null | undefined;
  /** Without it the time runs on. */
  to?: string | null | undefined;
}

/** How long something took, or takes so far. */
export function Duration({ from, to }: Props) {
  const { t } = useTranslation();
  if (!from) return <span>{t('none')}</span>;
  return to ? <Fixed ms={Date.parse(to) - Date.parse(from)} /> : <Running from={from} />;
}

function Fixed({ ms }: { ms: number }) {
  const { i18n } = useTranslation();
  return <span className="numbers">{durationText(ms, i18n.language)}</span>;
}

function Running({ from }: { from: string }) {
  const now = useNow('fast');
  // Tenths that change once a second say nothing.
  return <Fixed ms={Math.floor((now - Date.parse(from)) / 1000) * 1000} />;
}
