import { useQuery } from '@tanstack/react-query';
import { Alert, Flex } from 'antd';
import { useTranslation } from 'react-i18next';
import { Link, useParams } from 'react-router';

import type { Schema } from '../../api/client';
import { objectQuery } from '../../api/objects';
import { CopyButton } from '../../components/CopyButton';
import { KeyValue } from '../../components/KeyValue';
import { Loaded } from '../../components/Loaded';
import { PageHeader } from '../../components/PageHeader';
import { Section } from '../../components/Section';
import { Time } from '../../components/Time';
import { bytesText } from '../../components/time';
import { UserName } from '../../components/UserName';
import { ObjectActions } from './ObjectActions';
import { UsedBy } from './UsedBy';
import { TableCards } from './TableCards';

import './object.css';

/** One file: what it is, who uses it, and what is in it where it is a table. */
export default function ObjectPage() {
  const { name = '' } = useParams();
  return <Loaded query={useQuery(objectQuery(name))}>{(info) => <ObjectView info={info} />}</Loaded>;
}

function ObjectView({ info: { object, used_by } }: { info: Schema<'ObjectInfo'> }) {
  const { t } = useTranslation(['objects', 'common']);
  const { name, deletion } = object;
  return (
    <>
      <PageHeader
        title={name}
        trail={[{ title: t('title'), to: '/objects' }]}
        actions={!deletion && <ObjectActions object={{ ...object, uses: used_by.length }} />}
      />
      <Flex vertical gap={16}>
        {deletion && (
          <Alert
            type="info"
            showIcon
            title={t('file.deletedTitle')}
            description={
              <>
                <Time at={deletion.at} />
                {deletion.by && (
                  <>
                    {' '}
                    {t('file.deletedBy')} <UserName id={deletion.by} />
                  </>
                )}
              </>
            }
          />
        )}
        <Section title={t('file.facts')}>
          <Facts object={object} uses={used_by.length} />
        </Section>
        {!deletion && <TableCards key={object.sha256 ?? name} name={name} />}
      </Flex>
    </>
  );
}

function Facts({ object, uses }: { object: Schema<'StoredObject'>; uses: number }) {
  const { t, i18n } = useTranslation(['objects', 'common']);
  const { name, size, modified_at, owner_id, sha256, previous_name } = object;
  return (
    <KeyValue
      items={[
        { label: t('size'), value: bytesText(size, i18n.language) },
        { label: t('common:field.changed'), value: modified_at && <Time at={modified_at} /> },
        { label: t('file.owner'), value: owner_id && <UserName id={owner_id} /> },
        {
          label: t('file.previous'),
          value: previous_name && (
            <Link to={`/objects/${encodeURIComponent(previous_name)}`}>{previous_name}</Link>
          ),
        },
        {
          label: t('file.digest'),
          value: sha256 && (
            <span className="object-digest">
              <code>{sha256}</code>
              <CopyButton text={sha256} what={t('file.copyDigest', { name })} />
            </span>
          ),
        },
        { label: t('used.title'), value: <UsedBy name={name} uses={uses} /> },
      ]}
    />
  );
}
