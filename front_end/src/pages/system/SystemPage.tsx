import { ApiOutlined } from '@ant-design/icons';
import { useQuery } from '@tanstack/react-query';
import { Button, Card, Flex } from 'antd';
import { useTranslation } from 'react-i18next';

import { systemQuery } from '../../api/system';
import { address } from '../../base';
import { Icon } from '../../components/Icon';
import { Loaded } from '../../components/Loaded';
import { PageHeader } from '../../components/PageHeader';
import { BackgroundWork } from './BackgroundWork';
import { Engines } from './Engines';
import { OutboxCard } from './OutboxCard';
import { ThisConsole } from './ThisConsole';
import './system.css';

// Background work is no event: it goes on all the time, and stands still without telling.
const LOOK_EVERY_MS = 5_000;

/** How this console is doing: what it is, its background work, and its messages to partners. */
export default function SystemPage() {
  const { t } = useTranslation('system');
  const system = useQuery({ ...systemQuery, refetchInterval: LOOK_EVERY_MS });
  return (
    <>
      <PageHeader
        title={t('title')}
        subtitle={t('subtitle')}
        actions={
          <Button
            icon={<Icon of={ApiOutlined} />}
            href={address('/api/docs/')}
            target="_blank"
            rel="noreferrer"
          >
            {t('apiDocs')}
          </Button>
        }
      />
      <Flex vertical gap={16}>
        <div className="system-columns">
          <Card title={t('console.title')}>
            <Loaded query={system}>{(facts) => <ThisConsole system={facts} />}</Loaded>
          </Card>
          <Card title={t('work.title')}>
            <Loaded query={system}>
              {(facts) => <BackgroundWork system={facts} asked={system.dataUpdatedAt} />}
            </Loaded>
          </Card>
        </div>
        <Engines />
        <OutboxCard />
      </Flex>
    </>
  );
}
