import { LineChartOutlined, MergeCellsOutlined } from '@ant-design/icons';
import { Tag } from 'antd';
import { useTranslation } from 'react-i18next';

import { Icon } from './Icon';

/** What a task does: join tables, or train a model. */
export function TaskTypeTag({ type }: { type: string }) {
  const { t } = useTranslation('tasks');
  if (type === 'sample') return <Tag icon={<Icon of={MergeCellsOutlined} />}>{t('type.sample')}</Tag>;
  if (type === 'train') return <Tag icon={<Icon of={LineChartOutlined} />}>{t('type.train')}</Tag>;
  return <Tag>{type}</Tag>;
}
