import { UserAddOutlined } from '@ant-design/icons';
import { Badge, Button, Flex, Tag } from 'antd';
import type { ColumnsType } from 'antd/es/table';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { useMe } from '../../api/session';
import { type User, usersQuery } from '../../api/users';
import { useRights } from '../../app/rights';
import { CursorTable } from '../../components/CursorTable';
import { Empty } from '../../components/Empty';
import { Icon } from '../../components/Icon';
import { PageHeader } from '../../components/PageHeader';
import { Time } from '../../components/Time';
import { CreateUser } from './CreateUser';
import { Permissions } from './Permissions';
import { RightsCard } from './RightsCard';
import { RoleTag } from './RoleTag';
import { UserActions } from './UserActions';
import './users.css';

/** The people who sign in, and what they may do. */
export default function UsersPage() {
  const { t } = useTranslation('users');
  const { manageUsers } = useRights();
  const [creating, setCreating] = useState(false);
  return (
    <>
      <PageHeader
        title={t('title')}
        subtitle={t(manageUsers ? 'subtitle' : 'subtitleReader')}
        actions={
          manageUsers && (
            <Button type="primary" icon={<Icon of={UserAddOutlined} />} onClick={() => setCreating(true)}>
              {t('create.title')}
            </Button>
          )
        }
      />
      <Flex vertical gap={24}>
        <UserTable />
        <RightsCard />
      </Flex>
      {creating && <CreateUser onClose={() => setCreating(false)} />}
    </>
  );
}

function UserTable() {
  const { t } = useTranslation(['users', 'common']);
  const { manageUsers } = useRights();
  const me = useMe();
  const columns: ColumnsType<User> = [
    {
      title: t('common:field.name'),
      key: 'name',
      render: (_, { id, name, comment }) => (
        <Flex vertical className="user-name">
          <span>
            {name} {id === me.id && <Tag>{t('you')}</Tag>}
          </span>
          {comment && <span className="muted">{comment}</span>}
        </Flex>
      ),
    },
    { title: t('role.label'), key: 'role', render: (_, { role }) => <RoleTag role={role} /> },
    {
      title: t('permissions.label'),
      key: 'permissions',
      render: (_, { rights }) => <Permissions rights={rights} />,
    },
    {
      title: t('common:field.state'),
      key: 'state',
      render: (_, { disabled_at }) =>
        disabled_at ? (
          <span>
            <Badge status="error" text={t('state.disabled')} />{' '}
            <span className="muted">
              <Time at={disabled_at} />
            </span>
          </span>
        ) : (
          <Badge status="success" text={t('state.active')} />
        ),
    },
    {
      title: t('signedIn'),
      key: 'signedIn',
      render: (_, { signed_in_at }) => <Time at={signed_in_at} />,
    },
    {
      title: t('common:field.actions'),
      key: 'actions',
      hidden: !manageUsers,
      render: (_, user) => <UserActions user={user} />,
    },
  ];
  return (
    <CursorTable<User>
      label={t('title')}
      query={usersQuery()}
      empty={<Empty text={t('empty')} />}
      columns={columns}
    />
  );
}
