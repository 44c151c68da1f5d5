import { DownloadOutlined } from '@ant-design/icons';
import { useQuery } from '@tanstack/react-query';
import { App, Button, Flex } from 'antd';
import { useTranslation } from 'react-i18next';

import { downloadAddress, objectQuery, type StoredObject, useDeleteObject } from '../../api/objects';
import { useRights } from '../../app/rights';
import { ConfirmButton } from '../../components/ConfirmButton';

/** Downloads or deletes a file; one that is in use says by what. */
export function ObjectActions({ object: { name } }: { object: StoredObject }) {
  const { t } = useTranslation(['objects', 'common']);
  const { message } = App.useApp();
  const { deleteObjects } = useRights();
  const remove = useDeleteObject();
  const uses = useQuery(objectQuery(name)).data?.used_by ?? [];
  const task = uses[0]?.task_name ?? uses[0]?.task_id;

  const submit = async () => {
    await remove.mutateAsync(name);
    void message.success(t('delete.done', { name }));
  };

  return (
    <Flex gap={8}>
      <Button
        size="small"
        icon={<DownloadOutlined />}
        href={downloadAddress(name)}
        download={name}
        aria-label={t('download', { name })}
      >
        {t('common:action.download')}
      </Button>
      {deleteObjects && (
        <ConfirmButton
          size="small"
          question={t('delete.question', { name })}
          consequence={t('delete.consequence')}
          unavailable={uses.length > 0 ? t('delete.inUse', { task, count: uses.length }) : undefined}
          onConfirm={submit}
        >
          {t('common:action.delete')}
        </ConfirmButton>
      )}
    </Flex>
  );
}
