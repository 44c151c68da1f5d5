import { CheckCircleFilled, CloseOutlined } from '@ant-design/icons';
import { Button, Flex, Progress } from 'antd';
import { useTranslation } from 'react-i18next';

import { Icon } from '../../components/Icon';
import { Problem } from '../../components/Problem';
import { bytesText } from '../../components/time';
import { AlreadyThere } from './AlreadyThere';
import { OtherName } from './OtherName';
import type { UploadItem } from './uploadQueue';
import type { Uploads } from './useUploads';

interface Props {
  item: UploadItem;
  uploads: Pick<Uploads, 'again' | 'remove'>;
}

/** One upload: how far it is, or what it needs to go on. */
export function UploadRow({ item, uploads: { again, remove } }: Props) {
  const { t, i18n } = useTranslation(['objects', 'common']);
  const { key, name, file, state, sent, error, storedAs } = item;
  const busy = state === 'waiting' || state === 'sending';
  return (
    <li data-upload={state}>
      <Flex justify="space-between" align="center" gap={12}>
        <Flex gap={8} align="baseline" wrap className="upload-name">
          <strong>{name}</strong>
          <span className="muted">{bytesText(file.size, i18n.language)}</span>
          {state === 'waiting' && <span className="muted">{t('upload.waiting')}</span>}
          {state === 'done' && (
            <span role="status">
              <Icon of={CheckCircleFilled} className="upload-done" />{' '}
              {storedAs ? t('upload.doneAs', { name: storedAs }) : t('upload.done')}
            </span>
          )}
        </Flex>
        <Button
          type="text"
          size="small"
          icon={<Icon of={CloseOutlined} />}
          aria-label={t(busy ? 'upload.stop' : 'upload.dismiss', { name })}
          title={t(busy ? 'upload.stop' : 'upload.dismiss', { name })}
          onClick={() => remove(key)}
        />
      </Flex>
      {state === 'sending' && (
        <Progress percent={Math.floor(sent * 100)} aria-label={t('upload.progress', { name })} />
      )}
      {state === 'exists' && (
        <AlreadyThere
          name={name}
          onReplace={() => again(key, { replace: true })}
          onRename={(name) => again(key, { name })}
          onKeep={() => remove(key)}
        />
      )}
      {state === 'failed' && (
        <Flex vertical gap={8}>
          <Problem error={error} onRetry={mayHelp(error) ? () => again(key) : undefined} />
          {error?.status === 400 && file.size > 0 && (
            <OtherName taken={name} onRename={(name) => again(key, { name })} />
          )}
        </Flex>
      )}
    </li>
  );
}

/** Whether the same file may arrive the next time. */
function mayHelp(error: UploadItem['error']): boolean {
  return error !== undefined && (error.status === 0 || error.status >= 500 || error.code === 'upload_broken');
}
