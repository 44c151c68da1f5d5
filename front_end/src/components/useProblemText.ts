import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';

import type { ApiError } from '../api/error';
import { isOneOf } from './words';

const TITLED = [
  'network',
  'internal',
  'unavailable',
  'forbidden',
  'not_found',
  'stale',
  'invalid_input',
  'not_signed_in',
  'locked_out',
] as const;
const ADVISED = [
  'network',
  'internal',
  'unavailable',
  'forbidden',
  'not_found',
  'stale',
  'not_signed_in',
] as const;
/** What these say is said by title and advice already. */
const SILENT = ['network', 'internal', 'not_signed_in'] as const;

/** An error in words: what happened, the server's own sentence, and what to do. */
export interface ProblemText {
  title: string;
  detail: string | undefined;
  advice: string | undefined;
}

/** Puts errors into words of the operator's language, as far as the code is known; else the server's sentence tells. */
export function useProblemText(): (error: ApiError) => ProblemText {
  const { t } = useTranslation('problems');
  return useCallback(
    ({ code, detail }: ApiError) => ({
      title: t(isOneOf(TITLED, code) ? `title.${code}` : 'title.other'),
      detail: isOneOf(SILENT, code) ? undefined : detail,
      advice: isOneOf(ADVISED, code) ? t(`advice.${code}`) : undefined,
    }),
    [t],
  );
}
