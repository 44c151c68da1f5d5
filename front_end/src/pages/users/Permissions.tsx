import { useTranslation } from 'react-i18next';

import type { User } from '../../api/users';
import { listText } from '../../components/listText';

/** What an account may do besides reading, in a few words. */
export function Permissions({ rights }: Pick<User, 'rights'>) {
  const { t, i18n } = useTranslation('users');
  if (rights.includes('system')) return t('permissions.all');
  const words = [
    rights.includes('create_tasks') && t('permissions.tasks'),
    rights.includes('run') && t('permissions.runs'),
  ].filter((word) => word !== false);
  if (words.length === 0) return <span className="muted">{t('permissions.readOnly')}</span>;
  return listText(words, i18n.language);
}
