import { CrownOutlined, ToolOutlined, UserOutlined } from '@ant-design/icons';
import { Tag } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

import { Icon } from '../../components/Icon';
import { isOneOf } from '../../components/words';

const ROLES = ['root', 'admin', 'default'] as const;
const LOOKS: Record<(typeof ROLES)[number], { color: string; icon: ReactNode }> = {
  root: { color: 'processing', icon: <Icon of={CrownOutlined} /> },
  admin: { color: 'processing', icon: <Icon of={ToolOutlined} /> },
  default: { color: 'default', icon: <Icon of={UserOutlined} /> },
};

/** The role of an account. */
export function RoleTag({ role }: { role: string }) {
  const { t } = useTranslation();
  if (!isOneOf(ROLES, role)) return <Tag>{t('role.unknown')}</Tag>;
  const { color, icon } = LOOKS[role];
  return (
    <Tag color={color} icon={icon}>
      {t(`role.${role}`)}
    </Tag>
  );
}
