import { useTranslation } from 'react-i18next';

import { problemText, type ProblemText, type Refused } from './problemText';

/** Puts errors into words, anew when the language changes. */
export function useProblemText(): (refused: Refused) => ProblemText {
  useTranslation('problems');
  return problemText;
}
