import {
  CheckCircleFilled,
  ClockCircleOutlined,
  CloseCircleFilled,
  MinusCircleFilled,
} from '@ant-design/icons';
import { Tag } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

import { Icon } from '../../components/Icon';
import { isOneOf } from '../../components/words';
import { MESSAGE_STATES, type MessageState } from './messages';

const LOOKS: Record<MessageState, { color: string; icon: ReactNode }> = {
  waiting: { color: 'processing', icon: <Icon of={ClockCircleOutlined} /> },
  refused: { color: 'error', icon: <Icon of={CloseCircleFilled} /> },
  delivered: { color: 'success', icon: <Icon of={CheckCircleFilled} /> },
  given_up: { color: 'default', icon: <Icon of={MinusCircleFilled} /> },
};

/** What became of a message to a partner. */
export function MessageStateTag({ state }: { state: string }) {
  const { t } = useTranslation('system');
  if (!isOneOf(MESSAGE_STATES, state)) return <Tag>{state}</Tag>;
  const { color, icon } = LOOKS[state];
  return (
    <Tag color={color} icon={icon} data-message-state={state}>
      {t(`state.${state}`)}
    </Tag>
  );
}
