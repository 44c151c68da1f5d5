import { useQuery } from '@tanstack/react-query';
import { Alert, Button, Flex } from 'antd';
import { useTranslation } from 'react-i18next';

import { keepsContent, objectQuery } from '../../api/objects';
import { bytesText } from '../../components/time';
import { Time } from '../../components/Time';

interface Props {
  name: string;
  onUse: (uri: string) => void;
  onReplace: () => void;
}

/** The console has a file of the name already: what it is, who uses it, and the three ways on. */
export function ObjectExists({ name, onUse, onReplace }: Props) {
  const { t, i18n } = useTranslation('tasks');
  const info = useQuery(objectQuery(name)).data;
  const used = info?.used_by.length ?? 0;
  const deleted = info?.object.deletion != null;
  const keeps = info !== undefined && keepsContent(info);
  return (
    <Alert
      type="warning"
      showIcon
      role="alert"
      className="upload-exists"
      title={t('exists.title', { name })}
      description={
        <Flex vertical gap={8}>
          {info && (
            <span>
              {bytesText(info.object.size, i18n.language)} · <Time at={info.object.modified_at} /> ·{' '}
              {used > 0 ? t('exists.used', { count: used }) : t('exists.unused')}
            </span>
          )}
          <span>{t('exists.text')}</span>
          <Flex gap={8} wrap>
            <Button disabled={!info || deleted} onClick={() => info && onUse(info.object.uri)}>
              {t('exists.use')}
            </Button>
            {info && !info.object.cannot_change && (
              <Button danger={!keeps} onClick={onReplace}>
                {t(keeps ? 'exists.newVersion' : 'exists.replace')}
              </Button>
            )}
          </Flex>
        </Flex>
      }
    />
  );
}
