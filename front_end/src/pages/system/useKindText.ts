import { useTranslation } from 'react-i18next';

import { isOneOf } from '../../components/words';
import { MESSAGE_KINDS } from './messages';

/** Puts into words what a message says; the word itself for one that is not known. */
export function useKindText(): (kind: string) => string {
  const { t } = useTranslation('system');
  return (kind) => (isOneOf(MESSAGE_KINDS, kind) ? t(`kind.${kind}`) : kind);
}
