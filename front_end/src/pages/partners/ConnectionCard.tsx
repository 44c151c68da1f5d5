import { ApiOutlined } from '@ant-design/icons';
import { Button, Card, Flex } from 'antd';
import { useTranslation } from 'react-i18next';

import { type Partner, useCheckPartner } from '../../api/partners';
import { Icon } from '../../components/Icon';
import { inLanguage } from '../../components/inLanguage';
import { KeyValue } from '../../components/KeyValue';
import { LinkStatus } from '../../components/LinkStatus';
import { listText } from '../../components/listText';
import { Problem } from '../../components/Problem';
import { Time } from '../../components/Time';
import { durationText } from '../../components/time';
import { isOneOf } from '../../components/words';
import { CheckResult } from './CheckResult';

/** How the connection is, as far as is known, and the check that tries every step of it now. */
export function ConnectionCard({ partner }: { partner: Partner }) {
  const { t, i18n } = useTranslation(['partners', 'common']);
  const check = useCheckPartner();
  const { trust, last_seen_at, last_error, clock_offset_ms, protocol_level, capabilities } = partner;
  const run = () => check.mutate(partner.id);
  return (
    <Card
      title={t('connection.title')}
      extra={
        trust !== 'unpaired' && (
          <Button icon={<Icon of={ApiOutlined} />} loading={check.isPending} onClick={run}>
            {t('check.action')}
          </Button>
        )
      }
    >
      <Flex vertical gap={16}>
        <KeyValue
          items={[
            { label: t('common:field.state'), value: <LinkStatus partner={partner} /> },
            { label: t('connection.lastSeen'), value: <Time at={last_seen_at} /> },
            {
              label: t('connection.lastError'),
              value: last_error && trust !== 'unpaired' && (
                <span className="partner-error">
                  {inLanguage(i18n.language, last_error, partner.last_error_zh)}
                </span>
              ),
            },
            {
              label: t('connection.clock'),
              value: typeof clock_offset_ms === 'number' && <ClockDifference ms={clock_offset_ms} />,
            },
            {
              label: t('protocol.title'),
              value:
                typeof protocol_level === 'number'
                  ? t('protocol.level', { level: protocol_level })
                  : trust === 'base' && t('protocol.base'),
            },
            {
              label: t('protocol.capabilities'),
              value: capabilities.length > 0 && <Capabilities words={capabilities} />,
            },
          ]}
        />
        <Problem error={check.error} onRetry={run} />
        {check.data && <CheckResult check={check.data} />}
      </Flex>
    </Card>
  );
}

// Less than this is the way's doing, not the clocks'.
const CLOCKS_AGREE_MS = 2_000;

function ClockDifference({ ms }: { ms: number }) {
  const { t, i18n } = useTranslation('partners');
  if (Math.abs(ms) < CLOCKS_AGREE_MS) return t('connection.clockAgrees');
  const time = durationText(Math.abs(ms), i18n.language);
  return t(ms > 0 ? 'connection.clockAhead' : 'connection.clockBehind', { time });
}

const CAPABILITIES = [
  'signatures',
  'pairing',
  'idempotency',
  'status-reports',
  'channel',
  'channel-pieces',
  'channel-stream',
  'failures',
] as const;

function Capabilities({ words }: { words: readonly string[] }) {
  const { t, i18n } = useTranslation('partners');
  const known = words.map((word) => (isOneOf(CAPABILITIES, word) ? t(`capability.${word}`) : word));
  return listText(known, i18n.language);
}
