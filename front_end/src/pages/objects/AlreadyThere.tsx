import { useQuery } from '@tanstack/react-query';
import { Alert, Button, Flex } from 'antd';
import { useTranslation } from 'react-i18next';

import { keepsContent, objectQuery } from '../../api/objects';
import { bytesText } from '../../components/time';
import { Time } from '../../components/Time';
import { OtherName } from './OtherName';

interface Props {
  name: string;
  onReplace: () => void;
  onRename: (name: string) => void;
  onKeep: () => void;
}

/** There is a file of the name: what it is, who uses it, and what shall become of both. */
export function AlreadyThere({ name, onReplace, onRename, onKeep }: Props) {
  const { t, i18n } = useTranslation('objects');
  const info = useQuery(objectQuery(name)).data;
  const used = info?.used_by.length ?? 0;
  const keeps = info !== undefined && keepsContent(info);
  return (
    <Alert
      type="warning"
      showIcon
      role="alert"
      title={t('exists.title', { name })}
      description={
        <Flex vertical gap={12}>
          <span>
            {info && (
              <>
                {bytesText(info.object.size, i18n.language)}
                {' · '}
                {t('exists.changed')} <Time at={info.object.modified_at} />
                {' · '}
                {t('exists.used', { count: used })}
              </>
            )}
          </span>
          <Flex gap={8} wrap>
            {info && !info.object.cannot_change && (
              <Button danger={!keeps} onClick={onReplace}>
                {t(keeps ? 'exists.newVersion' : 'exists.replace')}
              </Button>
            )}
            <Button onClick={onKeep}>{t('exists.keep')}</Button>
          </Flex>
          <OtherName taken={name} onRename={onRename} />
        </Flex>
      }
    />
  );
}
