import { Card, Segmented } from 'antd';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';

import type { Partner } from '../../api/partners';
import { Outbox } from '../system/Outbox';

type Shown = 'waiting' | 'refused' | 'all';

/** What waits for a partner, and what it refused. */
export function PartnerQueue({ partner }: { partner: Partner }) {
  const { t } = useTranslation(['partners', 'system', 'common']);
  const [search, setSearch] = useSearchParams();
  const wanted = search.get('messages');
  const shown: Shown = wanted === 'refused' || wanted === 'all' ? wanted : 'waiting';
  const show = (next: Shown) =>
    setSearch(next === 'waiting' ? {} : { messages: next }, { replace: true, preventScrollReset: true });
  return (
    <Card
      title={t('queue.title')}
      extra={
        <Segmented<Shown>
          aria-label={t('common:field.state')}
          value={shown}
          onChange={show}
          options={(['waiting', 'refused', 'all'] as const).map((value) => ({
            value,
            label: t(`system:state.${value}`),
          }))}
        />
      }
    >
      <Outbox filter={{ partner: partner.id, ...(shown !== 'all' && { state: shown }) }} />
    </Card>
  );
}
