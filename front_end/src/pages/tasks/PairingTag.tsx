import { CheckCircleFilled, ClockCircleOutlined, CloseCircleFilled, LinkOutlined } from '@ant-design/icons';
import { Tag, Tooltip } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

import type { Task } from '../../api/tasks';
import { Icon } from '../../components/Icon';
import { type Stage, stageOf } from './state';

const LOOKS: Record<Stage, { color: string; icon: ReactNode }> = {
  none: { color: 'default', icon: <Icon of={LinkOutlined} /> },
  asked: { color: 'processing', icon: <Icon of={ClockCircleOutlined} /> },
  refused: { color: 'error', icon: <Icon of={CloseCircleFilled} /> },
  paired: { color: 'success', icon: <Icon of={CheckCircleFilled} /> },
};

/** How far a version is paired with the partner's; the reason of a refusal is in its tip. */
export function PairingTag({ pairing }: { pairing: Task['pairing'] }) {
  const { t } = useTranslation('tasks');
  const stage = stageOf(pairing);
  return (
    <Tooltip title={pairing?.error}>
      <Tag {...LOOKS[stage]} data-pairing={stage}>
        {t(`stage.${stage}`)}
      </Tag>
    </Tooltip>
  );
}
