import { InboxOutlined } from '@ant-design/icons';
import { Button, Flex, Upload } from 'antd';
import { useTranslation } from 'react-i18next';

import { Icon } from '../../components/Icon';
import { useUnsaved } from '../../components/LeaveGuard';
import { UploadRow } from './UploadRow';
import { useUploads } from './useUploads';
import './objects.css';

/** Takes files by drop or choice, and shows how far each of them is. */
export function UploadArea() {
  const { t } = useTranslation('objects');
  const uploads = useUploads();
  const { items, add, clear } = uploads;
  useUnsaved(
    items.some(({ state }) => state === 'waiting' || state === 'sending'),
    { title: t('leave.title'), text: t('leave.text') },
  );
  return (
    <Flex vertical gap={12}>
      <Upload.Dragger
        multiple
        showUploadList={false}
        beforeUpload={(file, chosen) => {
          // Called for each of the files; all are taken with the first.
          if (file === chosen[0]) add(chosen);
          return false;
        }}
      >
        <Icon of={InboxOutlined} className="objects-icon" />
        <p>{t('upload.choose')}</p>
        <p className="muted">{t('upload.hint')}</p>
      </Upload.Dragger>
      {items.length > 0 && (
        <section aria-label={t('upload.list')} className="uploads">
          <ul>
            {items.map((item) => (
              <UploadRow key={item.key} item={item} uploads={uploads} />
            ))}
          </ul>
          {items.some(({ state }) => state === 'done') && (
            <Button type="link" onClick={clear}>
              {t('upload.clear')}
            </Button>
          )}
        </section>
      )}
    </Flex>
  );
}
