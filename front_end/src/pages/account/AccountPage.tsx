import { useQuery } from '@tanstack/react-query';
import { Card, Flex } from 'antd';
import { useTranslation } from 'react-i18next';

import { useMe } from '../../api/session';
import { userQuery } from '../../api/users';
import { Loaded } from '../../components/Loaded';
import { PageHeader } from '../../components/PageHeader';
import { Appearance } from './Appearance';
import { MyData } from './MyData';
import { PasswordForm } from './PasswordForm';
import './account.css';

/** One's own account: data, password, and how the console looks in this browser. */
export default function AccountPage() {
  const { t } = useTranslation('account');
  const me = useMe();
  const user = useQuery(userQuery(me.id));
  return (
    <>
      <PageHeader title={t('title')} />
      <div className="account-columns">
        <Flex vertical gap={16}>
          <Card title={t('data.title')}>
            <Loaded query={user}>{(user) => <MyData user={user} />}</Loaded>
          </Card>
          <Card title={t('appearance.title')}>
            <Appearance />
          </Card>
        </Flex>
        <Card title={t('password.title')}>
          <PasswordForm me={me} />
        </Card>
      </div>
    </>
  );
}
