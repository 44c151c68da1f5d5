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

import { isOneOf, RUN_STATES, type RunState } from './words';

const LOOKS: Record<RunState, { color: string; icon: ReactNode }> = {
  draft: { color: 'default', icon: <ClockCircleOutlined /> },
  ready: { color: 'blue', icon: <PauseCircleOutlined /> },
  awaiting_consent: { color: 'warning', icon: <QuestionCircleOutlined /> },
  starting: { color: 'processing', icon: <LoadingOutlined spin /> },
  running: { color: 'processing', icon: <SyncOutlined spin /> },
  stopping: { color: 'warning', icon: <LoadingOutlined spin /> },
  succeeded: { color: 'success', icon: <CheckCircleFilled /> },
  stopped: { color: 'warning', icon: <MinusCircleFilled /> },
  failed: { color: 'error', icon: <CloseCircleFilled /> },
  lost: { color: 'purple', icon: <DisconnectOutlined /> },
  archive: { color: 'default', icon: <InboxOutlined /> },
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
    return <Tag icon={<QuestionCircleOutlined />}>{t('status.unknown', { status })}</Tag>;
  }
  if (status === 'succeeded' && warnings > 0) {
    return (
      <Tag color="warning" icon={<ExclamationCircleFilled />} data-status="succeeded_with_warnings">
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
