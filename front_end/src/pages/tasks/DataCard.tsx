import { DownloadOutlined, FileOutlined } from '@ant-design/icons';
import { useQuery } from '@tanstack/react-query';
import { Card, Flex, Segmented } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';

import { downloadAddress, objectQuery } from '../../api/objects';
import { type Resource, useDetachResource } from '../../api/resources';
import { useRights } from '../../app/rights';
import { ConfirmButton } from '../../components/ConfirmButton';
import { Empty } from '../../components/Empty';
import { Icon } from '../../components/Icon';
import { Loaded } from '../../components/Loaded';
import { bytesText } from '../../components/time';
import { Time } from '../../components/Time';
import { AttachExisting } from './AttachExisting';
import { CARDS } from './cards';
import { UploadFile } from './UploadFile';
import { objectNameOf } from './useColumns';
import { type TaskView, useResources } from './useTaskPage';

/** The files that the version's engine gets. */
export function DataCard({ view }: { view: TaskView }) {
  const { t } = useTranslation('tasks');
  const { task, lock } = view;
  const resources = useResources(task);
  return (
    <Card id={CARDS.data} tabIndex={-1} className="task-card" title={t('data.title')}>
      <p className="muted">{t('data.text', { partner: view.partner })}</p>
      <Flex vertical gap={16}>
        <Loaded query={resources} rows={2}>
          {(rows) =>
            rows.length > 0 ? (
              <ul className="task-list" aria-label={t('data.title')}>
                {rows.map((resource) => (
                  <Attached key={resource.id} resource={resource} removable={!lock} />
                ))}
              </ul>
            ) : (
              <Empty text={t(lock ? 'data.emptyLocked' : 'data.empty')} />
            )
          }
        </Loaded>
        {!lock && <Attach view={view} taken={resources.data?.map(({ name }) => name) ?? []} />}
      </Flex>
    </Card>
  );
}

function Attached({ resource, removable }: { resource: Resource; removable: boolean }) {
  const { t, i18n } = useTranslation('tasks');
  const detach = useDetachResource();
  const object = objectNameOf(resource);
  const info = useQuery(objectQuery(object));
  return (
    <li>
      <Flex justify="space-between" align="center" gap={8} wrap>
        <Flex gap={8} align="baseline" className="task-breakable">
          <Icon of={FileOutlined} />
          <span>
            <strong>{resource.name}</strong>{' '}
            {resource.deletion ? (
              object
            ) : (
              <>
                <Link to={`/objects/${encodeURIComponent(object)}`}>{object}</Link>{' '}
                <a href={downloadAddress(object)} download={object}>
                  <Icon of={DownloadOutlined} aria-label={t('data.download')} />
                </a>
              </>
            )}{' '}
            <span className="muted">
              {resource.deletion && (
                <>
                  {t('data.deleted')} <Time at={resource.deletion.at} /> ·{' '}
                </>
              )}
              {info.data && bytesText(info.data.object.size, i18n.language)}
              {info.isError && info.error.status === 404 && t('data.gone')}
            </span>
          </span>
        </Flex>
        {removable && (
          <ConfirmButton
            size="small"
            danger={false}
            question={t('data.detachQuestion', { name: resource.name })}
            consequence={t('data.detachConsequence', { object })}
            onConfirm={() => detach.mutateAsync(resource.id)}
          >
            {t('data.detach')}
          </ConfirmButton>
        )}
      </Flex>
    </li>
  );
}

function Attach({ view, taken }: { view: TaskView; taken: string[] }) {
  const { t } = useTranslation('tasks');
  const { writeObjects } = useRights();
  const [way, setWay] = useState<'upload' | 'existing'>(writeObjects ? 'upload' : 'existing');
  return (
    <Flex vertical gap={12}>
      {writeObjects && (
        <div>
          <Segmented<typeof way>
            aria-label={t('data.way')}
            value={way}
            onChange={setWay}
            options={[
              { value: 'upload', label: t('data.upload') },
              { value: 'existing', label: t('data.existing') },
            ]}
          />
        </div>
      )}
      {way === 'upload' ? (
        <UploadFile view={view} taken={taken} />
      ) : (
        <AttachExisting view={view} taken={taken} />
      )}
    </Flex>
  );
}
