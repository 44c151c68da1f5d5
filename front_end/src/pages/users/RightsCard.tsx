import { CheckOutlined, MinusOutlined } from '@ant-design/icons';
import { Card, Flex, Table } from 'antd';
import { useTranslation } from 'react-i18next';

import { Icon } from '../../components/Icon';

type Answer = 'yes' | 'no' | 'users' | 'addTask' | 'own' | 'run';

/** As the server decides it. */
const TABLE = [
  { action: 'read', root: 'yes', admin: 'yes', default: 'yes' },
  { action: 'users', root: 'yes', admin: 'users', default: 'no' },
  { action: 'partners', root: 'yes', admin: 'yes', default: 'no' },
  { action: 'createTasks', root: 'yes', admin: 'yes', default: 'addTask' },
  { action: 'changeTasks', root: 'yes', admin: 'yes', default: 'own' },
  { action: 'files', root: 'yes', admin: 'yes', default: 'addTask' },
  { action: 'runs', root: 'yes', admin: 'yes', default: 'run' },
] as const satisfies { action: string; root: Answer; admin: Answer; default: Answer }[];

const ROLES = ['root', 'admin', 'default'] as const;

/** Who may do what, and what protects accounts from being lost. */
export function RightsCard() {
  const { t } = useTranslation(['users', 'common']);
  return (
    <Card title={t('rights.title')}>
      <Flex vertical gap={16}>
        <Table
          aria-label={t('rights.title')}
          rowKey="action"
          size="small"
          dataSource={[...TABLE]}
          pagination={false}
          scroll={{ x: 'max-content' }}
          columns={[
            {
              title: t('rights.action'),
              key: 'action',
              rowScope: 'row',
              className: 'rights-action',
              render: (_, { action }) => t(`rights.${action}`),
            },
            ...ROLES.map((role) => ({
              title: t(`common:role.${role}`),
              key: role,
              render: (_: unknown, row: (typeof TABLE)[number]) => <AnswerCell answer={row[role]} />,
            })),
          ]}
        />
        <ul className="user-rules">
          <li>{t('rights.onlyRoot')}</li>
          <li>{t('rights.lastRoot')}</li>
          <li>{t('rights.sessions')}</li>
        </ul>
      </Flex>
    </Card>
  );
}

function AnswerCell({ answer }: { answer: Answer }) {
  const { t } = useTranslation('users');
  const text = t(`answer.${answer}`);
  if (answer === 'yes') return <Icon of={CheckOutlined} className="answer-yes" aria-label={text} />;
  if (answer === 'no') return <Icon of={MinusOutlined} className="muted" aria-label={text} />;
  return text;
}
