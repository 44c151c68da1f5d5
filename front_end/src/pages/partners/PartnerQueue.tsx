import { Card, Flex } from 'antd';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';

import type { Partner } from '../../api/partners';
import { MessageFilter, type Shown } from '../system/MessageFilter';
import { Outbox } from '../system/Outbox';

/** What waits for a partner, and what it refused. */
export function PartnerQueue({ partner }: { partner: Partner }) {
  const { t } = useTranslation('partners');
  const [search, setSearch] = useSearchParams();
  const wanted = search.get('messages');
  const shown: Shown = wanted === 'refused' || wanted === 'all' ? wanted : 'waiting';
  const show = (next: Shown) =>
    setSearch(next === 'waiting' ? {} : { messages: next }, { replace: true, preventScrollReset: true });
  return (
    <Card title={t('queue.title')}>
      <Flex vertical gap={16} align="stretch">
        <Flex>
          <MessageFilter
            states={['waiting', 'refused', 'all']}
            value={shown}
            onChange={show}
            partner={partner.id}
          />
        </Flex>
        <Outbox filter={{ partner: partner.id, ...(shown !== 'all' && { state: shown }) }} />
      </Flex>
    </Card>
  );
}
