import {
  BulbOutlined,
  DesktopOutlined,
  GlobalOutlined,
  LogoutOutlined,
  MoonOutlined,
  SunOutlined,
  UserOutlined,
} from '@ant-design/icons';
import { App, Button, Dropdown } from 'antd';
import { useTranslation } from 'react-i18next';
import { Link, useNavigate } from 'react-router';

import { useMe, useSignOut } from '../api/session';
import { Icon } from '../components/Icon';
import { isOneOf } from '../components/words';
import { useProblemText } from '../components/useProblemText';
import { chooseLanguage, currentLanguage, type Language, LANGUAGES } from '../i18n';
import { type ThemeChoice, useAppearance } from './appearanceContext';
import { BUILT_PAGES } from './routes';

/** Chooses the language. */
export function LanguageSwitch() {
  const { t } = useTranslation();
  const items = Object.entries(LANGUAGES).map(([key, label]) => ({ key, label }));
  return (
    <Dropdown
      trigger={['click']}
      menu={{
        items,
        selectable: true,
        selectedKeys: [currentLanguage()],
        onClick: ({ key }) => void chooseLanguage(key as Language),
      }}
    >
      <Button
        type="text"
        icon={<Icon of={GlobalOutlined} />}
        aria-label={t('language')}
        title={t('language')}
      />
    </Dropdown>
  );
}

/** Chooses the colour scheme. */
export function ThemeSwitch() {
  const { t } = useTranslation();
  const { choice, choose } = useAppearance();
  const icons = {
    light: <Icon of={SunOutlined} />,
    dark: <Icon of={MoonOutlined} />,
    system: <Icon of={DesktopOutlined} />,
  };
  const items = (['light', 'dark', 'system'] as const).map((key) => ({
    key,
    label: t(`theme.${key}`),
    icon: icons[key],
  }));
  return (
    <Dropdown
      trigger={['click']}
      menu={{
        items,
        selectable: true,
        selectedKeys: [choice],
        onClick: ({ key }) => choose(key as ThemeChoice),
      }}
    >
      <Button
        type="text"
        icon={<Icon of={BulbOutlined} />}
        aria-label={t('theme.label')}
        title={t('theme.label')}
      />
    </Dropdown>
  );
}

const ROLES = ['root', 'admin', 'default'] as const;

/** Who is signed in, and the way out. */
export function AccountMenu() {
  const { t } = useTranslation();
  const me = useMe();
  const navigate = useNavigate();
  const signOut = useSignOut();
  const problemText = useProblemText();
  const { message } = App.useApp();
  const role = t(`role.${isOneOf(ROLES, me.role) ? me.role : 'unknown'}`);
  const hasAccountPage = BUILT_PAGES.some(({ path }) => path === '/account');

  const leave = () =>
    signOut.mutate(undefined, {
      // Not back to this page: who signs in next is perhaps somebody else.
      onSuccess: () => void navigate('/sign-in', { replace: true }),
      onError: (error) => void message.error(problemText(error).title),
    });

  return (
    <Dropdown
      trigger={['click']}
      menu={{
        items: [
          { key: 'who', type: 'group', label: `${me.name} · ${role}` },
          ...(hasAccountPage
            ? [
                {
                  key: 'account',
                  icon: <Icon of={UserOutlined} />,
                  label: <Link to="/account">{t('nav.account')}</Link>,
                },
              ]
            : []),
          { key: 'leave', icon: <Icon of={LogoutOutlined} />, label: t('signOut'), onClick: leave },
        ],
      }}
    >
      <Button
        type="text"
        icon={<Icon of={UserOutlined} />}
        loading={signOut.isPending}
        aria-label={t('accountMenu', { name: me.name })}
      >
        <span className="account-name">{me.name}</span>
      </Button>
    </Dropdown>
  );
}
