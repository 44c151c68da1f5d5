import { CaretRightOutlined, PauseOutlined } from '@ant-design/icons';
import { Badge, Button, Flex } from 'antd';
import { useTranslation } from 'react-i18next';

import { Icon } from '../../../components/Icon';
import type { LogView } from './LogStore';

interface Props {
  view: LogView;
  paused: boolean;
  onPause: (paused: boolean) => void;
}

const LOOKS = {
  loading: 'default',
  connecting: 'warning',
  following: 'processing',
  ended: 'default',
} as const;

/** Whether the log goes on, and the switch that holds it. */
export function LogStatus({ view, paused, onPause }: Props) {
  const { t, i18n } = useTranslation('run');
  const { state, window } = view;
  const held = paused && state !== 'ended';
  const number = new Intl.NumberFormat(i18n.language);
  return (
    <Flex justify="space-between" align="center" gap={8} wrap className="run-log-status">
      <Flex gap={12} align="center">
        <span aria-live="polite">
          <Badge
            status={held ? 'default' : LOOKS[state]}
            text={t(held ? 'log.state.paused' : `log.state.${state}`)}
          />
        </span>
        {window.newest > 0 && (
          <span className="muted numbers">
            {t('log.length', { count: window.newest, lines: number.format(window.newest) })}
          </span>
        )}
        {window.oldest > 0 && (
          <span className="muted">
            {t('log.expired', { count: window.oldest, lines: number.format(window.oldest) })}
          </span>
        )}
      </Flex>
      {state !== 'ended' && (
        <Button
          size="small"
          icon={paused ? <Icon of={CaretRightOutlined} /> : <Icon of={PauseOutlined} />}
          onClick={() => onPause(!paused)}
        >
          {t(paused ? 'log.resume' : 'log.pause')}
        </Button>
      )}
    </Flex>
  );
}
