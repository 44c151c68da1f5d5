import { useInfiniteQuery } from '@tanstack/react-query';
import { Segmented } from 'antd';
import { useTranslation } from 'react-i18next';

import { outboxQuery } from '../../api/system';
import type { MessageState } from './messages';

export type Shown = MessageState | 'all';

interface Props {
  states: readonly Shown[];
  value: Shown;
  onChange: (value: Shown) => void;
  /** Only messages to this partner are counted. */
  partner?: string | undefined;
}

/** Chooses messages by what became of them. That some were refused is told without anybody asking for them. */
export function MessageFilter({ states, value, onChange, partner }: Props) {
  const { t } = useTranslation(['system', 'common']);
  const refused = useInfiniteQuery(outboxQuery({ ...(partner && { partner }), state: 'refused' })).data
    ?.pages;
  const count = refused?.flatMap(({ items }) => items).length ?? 0;
  const more = Boolean(refused?.at(-1)?.next_cursor);
  const label = (state: Shown) =>
    state === 'refused' && count > 0 ? (
      <>
        {t('state.refused')} <span className="refused-count">{more ? `${count}+` : count}</span>
      </>
    ) : (
      t(`state.${state}`)
    );
  return (
    <Segmented<Shown>
      className="message-filter"
      aria-label={t('common:field.state')}
      value={value}
      onChange={onChange}
      options={states.map((state) => ({ value: state, label: label(state) }))}
    />
  );
}
