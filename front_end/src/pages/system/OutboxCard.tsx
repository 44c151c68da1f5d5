import { Card, Flex, Select } from 'antd';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';

import { partnersQuery } from '../../api/partners';
import { useAllRows } from '../../components/useAllRows';
import { isOneOf } from '../../components/words';
import { MessageFilter, type Shown } from './MessageFilter';
import { MESSAGE_STATES } from './messages';
import { Outbox } from './Outbox';

/** Messages to all partners, or to one of them; the filter is in the address. */
export function OutboxCard() {
  const { t } = useTranslation(['system', 'common']);
  const [search, setSearch] = useSearchParams();
  const partners = useAllRows(partnersQuery());
  const partner = search.get('partner');
  const wanted = search.get('state') ?? 'waiting';
  const state: Shown = isOneOf(MESSAGE_STATES, wanted) || wanted === 'all' ? wanted : 'waiting';

  const set = (name: string, value: string | null) => {
    const next = new URLSearchParams(search);
    if (value === null) next.delete(name);
    else next.set(name, value);
    setSearch(next, { replace: true, preventScrollReset: true });
  };

  return (
    <Card title={t('outbox.title')}>
      <Flex vertical gap={16}>
        <span className="muted">{t('outbox.text')}</span>
        <Flex gap={12} wrap>
          <MessageFilter
            states={[...MESSAGE_STATES, 'all']}
            value={state}
            onChange={(value) => set('state', value === 'waiting' ? null : value)}
            partner={partner ?? undefined}
          />
          <Select
            aria-label={t('common:field.partner')}
            className="outbox-partner"
            allowClear
            placeholder={t('outbox.allPartners')}
            value={partner}
            onChange={(value: string | undefined) => set('partner', value ?? null)}
            options={(partners.rows ?? []).map(({ id, name }) => ({ value: id, label: name }))}
            showSearch={{ optionFilterProp: 'label' }}
          />
        </Flex>
        <Outbox filter={{ ...(partner && { partner }), ...(state !== 'all' && { state }) }} />
      </Flex>
    </Card>
  );
}
