import { DownloadOutlined } from '@ant-design/icons';
import { App, Button, Flex } from 'antd';
import { useTranslation } from 'react-i18next';

import { downloadAddress, type ListedObject, useDeleteObject } from '../../api/objects';
import { ConfirmButton } from '../../components/ConfirmButton';
import { Icon } from '../../components/Icon';

/** Downloads a file, or deletes its content whatever uses it. */
export function ObjectActions({ object }: { object: Pick<ListedObject, 'name' | 'uses' | 'cannot_change'> }) {
  const { name, uses } = object;
  const { t } = useTranslation(['objects', 'common']);
  const { message } = App.useApp();
  const remove = useDeleteObject();

  const submit = async () => {
    await remove.mutateAsync(name);
    void message.success(t('delete.done', { name }));
  };

  return (
    <Flex gap={8}>
      <Button
        size="small"
        icon={<Icon of={DownloadOutlined} />}
        href={downloadAddress(name)}
        download={name}
        aria-label={t('download', { name })}
      >
        {t('common:action.download')}
      </Button>
      {!object.cannot_change && (
        <ConfirmButton
          size="small"
          question={t('delete.question', { name })}
          consequence={
            <>
              <p>{t('delete.consequence')}</p>
              {uses > 0 && <p>{t('delete.used', { count: uses })}</p>}
            </>
          }
          onConfirm={submit}
        >
          {t('common:action.delete')}
        </ConfirmButton>
      )}
    </Flex>
  );
}
