import { Card } from 'antd';
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
    <Card
      title={t('queue.title')}
      extra={
        <MessageFilter
          states={['waiting', 'refused', 'all']}
          value={shown}
          onChange={show}
          partner={partner.id}
        />
      }
    >
      <Outbox filter={{ partner: partner.id, ...(shown !== 'all' && { state: shown }) }} />
    </Card>
  );
}
