import { Flex } from 'antd';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';

import { type ListedObject, objectsQuery } from '../../api/objects';
import { useRights } from '../../app/rights';
import { CopyButton } from '../../components/CopyButton';
import { CursorTable } from '../../components/CursorTable';
import { Empty } from '../../components/Empty';
import { PageHeader } from '../../components/PageHeader';
import { bytesText } from '../../components/time';
import { Time } from '../../components/Time';
import { ObjectActions } from './ObjectActions';
import { UploadArea } from './UploadArea';
import { UsedBy } from './UsedBy';
import './objects.css';

/** The operators' files: tables that tasks use, and what runs wrote. */
export default function ObjectsPage() {
  const { t } = useTranslation('objects');
  const { writeObjects } = useRights();
  return (
    <>
      <PageHeader title={t('title')} subtitle={t('subtitle')} />
      <Flex vertical gap={24}>
        {writeObjects && <UploadArea />}
        <ObjectTable />
      </Flex>
    </>
  );
}

function ObjectTable() {
  const { t, i18n } = useTranslation(['objects', 'common']);
  const { writeObjects } = useRights();
  return (
    <CursorTable<ListedObject>
      label={t('title')}
      query={objectsQuery()}
      rowKey="name"
      empty={<Empty text={t(writeObjects ? 'empty.text' : 'empty.forbidden')} />}
      columns={[
        {
          title: t('common:field.name'),
          key: 'name',
          render: (_, { name, uri }) => (
            <Flex align="center" gap={4} className="object-name">
              <Link to={`/objects/${encodeURIComponent(name)}`}>{name}</Link>
              <CopyButton text={uri} what={t('uri', { name })} />
            </Flex>
          ),
        },
        {
          title: t('size'),
          key: 'size',
          align: 'right',
          render: (_, { size }) => <span className="numbers">{bytesText(size, i18n.language)}</span>,
        },
        {
          title: t('common:field.changed'),
          key: 'changed',
          render: (_, { modified_at }) => (modified_at ? <Time at={modified_at} /> : t('common:none')),
        },
        {
          title: t('used.title'),
          key: 'used',
          render: (_, { name, uses }) => <UsedBy name={name} uses={uses} />,
        },
        {
          title: t('common:field.actions'),
          key: 'actions',
          render: (_, object) => <ObjectActions object={object} />,
        },
      ]}
    />
  );
}
