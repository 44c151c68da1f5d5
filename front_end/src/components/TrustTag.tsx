import {
  ClockCircleOutlined,
  DisconnectOutlined,
  PauseCircleOutlined,
  SafetyCertificateOutlined,
  UnlockOutlined,
} from '@ant-design/icons';
import { Tag } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

import { Icon } from './Icon';
import { isOneOf, type Trust, TRUSTS } from './words';

const LOOKS: Record<Trust, { color: string; icon: ReactNode }> = {
  pending: { color: 'processing', icon: <Icon of={ClockCircleOutlined} /> },
  paired: { color: 'success', icon: <Icon of={SafetyCertificateOutlined} /> },
  suspended: { color: 'warning', icon: <Icon of={PauseCircleOutlined} /> },
  unpaired: { color: 'default', icon: <Icon of={DisconnectOutlined} /> },
  base: { color: 'warning', icon: <Icon of={UnlockOutlined} /> },
};

/** How far a partner is trusted. */
export function TrustTag({ trust }: { trust: string }) {
  const { t } = useTranslation('components');
  if (!isOneOf(TRUSTS, trust)) return <Tag>{t('trust.unknown', { trust })}</Tag>;
  const { color, icon } = LOOKS[trust];
  return (
    <Tag color={color} icon={icon} data-trust={trust}>
      {t(`trust.${trust}`)}
    </Tag>
  );
}
