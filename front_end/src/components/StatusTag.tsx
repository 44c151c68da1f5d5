import {
  CheckCircleFilled,
  ClockCircleOutlined,
  CloseCircleFilled,
  DisconnectOutlined,
  ExclamationCircleFilled,
  InboxOutlined,
  LoadingOutlined,
  MinusCircleFilled,
  PauseCircleOutlined,
  QuestionCircleOutlined,
  SyncOutlined,
} from '@ant-design/icons';
import { Tag } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

import { Icon } from './Icon';
import { isOneOf, RUN_STATES, type RunState } from './words';

const LOOKS: Record<RunState, { color: string; icon: ReactNode }> = {
  draft: { color: 'default', icon: <Icon of={ClockCircleOutlined} /> },
  ready: { color: 'blue', icon: <Icon of={PauseCircleOutlined} /> },
  awaiting_consent: { color: 'warning', icon: <Icon of={QuestionCircleOutlined} /> },
  starting: { color: 'processing', icon: <Icon of={LoadingOutlined} spin /> },
  running: { color: 'processing', icon: <Icon of={SyncOutlined} spin /> },
  stopping: { color: 'warning', icon: <Icon of={LoadingOutlined} spin /> },
  succeeded: { color: 'success', icon: <Icon of={CheckCircleFilled} /> },
  stopped: { color: 'warning', icon: <Icon of={MinusCircleFilled} /> },
  failed: { color: 'error', icon: <Icon of={CloseCircleFilled} /> },
  lost: { color: 'purple', icon: <Icon of={DisconnectOutlined} /> },
  archive: { color: 'default', icon: <Icon of={InboxOutlined} /> },
};

interface Props {
  status: string;
  /** How many warnings our half has; one that succeeded with some looks and is called otherwise. */
  warnings?: number;
}

/** The state of a run (ours or the partner's half): told apart by word, icon and colour. */
export function StatusTag({ status, warnings = 0 }: Props) {
  const { t } = useTranslation('components');
  if (!isOneOf(RUN_STATES, status)) {
    return <Tag icon={<Icon of={QuestionCircleOutlined} />}>{t('status.unknown', { status })}</Tag>;
  }
  if (status === 'succeeded' && warnings > 0) {
    return (
      <Tag color="warning" icon={<Icon of={ExclamationCircleFilled} />} data-status="succeeded_with_warnings">
        {t('status.succeeded_with_warnings')}
      </Tag>
    );
  }
  const { color, icon } = LOOKS[status];
  return (
    <Tag color={color} icon={icon} data-status={status}>
      {t(`status.${status}`)}
    </Tag>
  );
}
