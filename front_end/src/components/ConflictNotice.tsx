import { Alert, Button, Flex } from 'antd';
import { useTranslation } from 'react-i18next';

import { JsonCompare } from './JsonCompare';
import type { Draft } from './useDraft';

interface Props<Row extends { id: string }, Value> {
  draft: Pick<Draft<Row, Value>, 'newer' | 'stored' | 'value' | 'keepMine' | 'discard'>;
  /** The change that the server may have refused; what it said is forgotten with either choice. */
  save: { reset: () => void };
  /** How a value is compared, where it is not an object of named fields. */
  shownAs?: (value: Value) => unknown;
}

/** A lost race: what the other person stored beside what one has oneself, and the choice between them. */
export function ConflictNotice<Row extends { id: string }, Value>(props: Props<Row, Value>) {
  const { draft, save, shownAs = (value: Value): unknown => value } = props;
  const { t } = useTranslation('components');
  if (!draft.newer) return null;
  const choose = (way: () => void) => () => {
    save.reset();
    way();
  };
  return (
    <Alert
      type="warning"
      showIcon
      role="alert"
      title={t('conflict.title')}
      description={
        <Flex vertical gap={12}>
          <span>{t('conflict.text')}</span>
          <JsonCompare
            label={t('conflict.title')}
            left={{ label: t('conflict.stored'), value: shownAs(draft.stored) }}
            right={{ label: t('conflict.mine'), value: shownAs(draft.value) }}
            onlyChanges
          />
          <Flex gap={8} wrap>
            <Button onClick={choose(draft.keepMine)}>{t('conflict.keep')}</Button>
            <Button onClick={choose(draft.discard)}>{t('conflict.take')}</Button>
          </Flex>
        </Flex>
      }
    />
  );
}
