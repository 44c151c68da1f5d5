import { Alert, Button, Flex } from 'antd';
import { useTranslation } from 'react-i18next';

import { JsonCompare } from './JsonCompare';

interface Props {
  /** The edited part as it is stored now, and as the operator has it. */
  stored: unknown;
  mine: unknown;
  onKeepMine: () => void;
  onTakeStored: () => void;
}

/** A lost race: what the other person stored beside what one has oneself, and the choice between them. */
export function ConflictNotice({ stored, mine, onKeepMine, onTakeStored }: Props) {
  const { t } = useTranslation('components');
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
            left={{ label: t('conflict.stored'), value: stored }}
            right={{ label: t('conflict.mine'), value: mine }}
            onlyChanges
          />
          <Flex gap={8} wrap>
            <Button onClick={onKeepMine}>{t('conflict.keep')}</Button>
            <Button onClick={onTakeStored}>{t('conflict.take')}</Button>
          </Flex>
        </Flex>
      }
    />
  );
}
