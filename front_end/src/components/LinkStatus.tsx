import { Badge, Flex, Tooltip } from 'antd';
import { useTranslation } from 'react-i18next';

import type { Partner } from '../api/partners';
import { inLanguage } from './inLanguage';
import { relativeTime } from './time';
import { useNow } from './useNow';

type Link = 'up' | 'waiting' | 'down' | 'never' | 'off';

const LOOKS = {
  up: 'success',
  waiting: 'warning',
  down: 'error',
  never: 'default',
  off: 'default',
} as const satisfies Record<Link, string>;

/** The connection with a partner, as far as this console knows from what was sent and heard last. */
export function linkOf(
  partner: Pick<Partner, 'trust' | 'last_error' | 'last_seen_at' | 'waiting_messages'>,
): Link {
  if (partner.trust === 'suspended' || partner.trust === 'unpaired') return 'off';
  if (partner.last_error) return partner.waiting_messages > 0 ? 'down' : 'waiting';
  return partner.last_seen_at ? 'up' : 'never';
}

/** The state of the connection with a partner; the last error and what waits are in its tip. */
export function LinkStatus({ partner }: { partner: Partner }) {
  const { t, i18n } = useTranslation('components');
  const now = useNow();
  const link = linkOf(partner);
  const seen =
    partner.last_seen_at && t('link.seen', { when: relativeTime(partner.last_seen_at, i18n.language, now) });
  const queue = partner.waiting_messages > 0 && t('link.queue', { count: partner.waiting_messages });
  const tip = [seen, queue, inLanguage(i18n.language, partner.last_error, partner.last_error_zh)]
    .filter(Boolean)
    .map((line) => <div key={String(line)}>{line}</div>);
  return (
    <Tooltip title={tip.length > 0 ? tip : undefined}>
      <Flex component="span" gap={8} align="center" data-link={link}>
        <Badge status={LOOKS[link]} text={t(`link.${link}`)} />
      </Flex>
    </Tooltip>
  );
}
