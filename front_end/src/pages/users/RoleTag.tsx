import { Tag } from 'antd';
import { useTranslation } from 'react-i18next';

import { isOneOf } from '../../components/words';

const COLORS = { root: 'purple', admin: 'geekblue', default: 'default' } as const;

/** The role of an account. */
export function RoleTag({ role }: { role: string }) {
  const { t } = useTranslation();
  if (!isOneOf(['root', 'admin', 'default'] as const, role)) return <Tag>{t('role.unknown')}</Tag>;
  return <Tag color={COLORS[role]}>{t(`role.${role}`)}</Tag>;
}
