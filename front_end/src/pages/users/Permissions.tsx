import { useTranslation } from 'react-i18next';

import { listText } from '../../components/listText';

interface Props {
  role: string;
  add_task: boolean;
  run: boolean;
}

/** What an account may do besides reading, in a few words. */
export function Permissions({ role, add_task, run }: Props) {
  const { t, i18n } = useTranslation('users');
  if (role === 'root' || role === 'admin') return t('permissions.all');
  const words = [add_task && t('permissions.tasks'), run && t('permissions.runs')].filter(
    (word) => word !== false,
  );
  if (role !== 'default' || words.length === 0) {
    return <span className="muted">{t('permissions.readOnly')}</span>;
  }
  return listText(words, i18n.language);
}
