import { MenuOutlined } from '@ant-design/icons';
import { useQuery } from '@tanstack/react-query';
import { Button, Drawer, Flex, Grid, Layout } from 'antd';
import { type MouseEvent, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, Outlet, ScrollRestoration } from 'react-router';

import { setupQuery } from '../api/session';
import { Icon } from '../components/Icon';
import { LeaveGuard } from '../components/LeaveGuard';
import { ConnectionBanner } from './ConnectionBanner';
import { AccountMenu, LanguageSwitch, ThemeSwitch } from './HeaderTools';
import { Logo } from './Logo';
import { Navigation } from './Navigation';

import '../styles/shell.css';

/** What is around every page of a signed-in operator: head, navigation, and the state of the connection. */
export function Shell() {
  const { t } = useTranslation();
  const isWide = Grid.useBreakpoint().lg ?? window.innerWidth >= 992;
  const [open, setOpen] = useState(false);
  const name = useQuery({ ...setupQuery, staleTime: Infinity }).data?.organization ?? undefined;
  const main = useRef<HTMLElement>(null);
  // A link to `#main` would lead away from the page, because of the document's `<base>`.
  const skip = (event: MouseEvent) => {
    event.preventDefault();
    main.current?.focus();
  };

  return (
    <Layout className="shell">
      <button type="button" className="skip-link" onClick={skip}>
        {t('skip')}
      </button>
      <Layout.Header className="shell-header">
        <Flex align="center" gap={8} className="shell-head">
          {!isWide && (
            <Button
              type="text"
              icon={<Icon of={MenuOutlined} />}
              aria-label={t('openNavigation')}
              aria-expanded={open}
              onClick={() => setOpen(true)}
            />
          )}
          <Link to="/" className="brand" aria-label={`${t('product')} · ${t('home')}`}>
            <Logo />
            <span>{t('product')}</span>
          </Link>
          {isWide && (
            <span className="console-name" title={name}>
              {name}
            </span>
          )}
        </Flex>
        <Flex align="center" gap={4}>
          <LanguageSwitch />
          <ThemeSwitch />
          <AccountMenu />
        </Flex>
      </Layout.Header>
      <Layout>
        {isWide ? (
          <Layout.Sider width={212} className="shell-sider">
            <Navigation />
          </Layout.Sider>
        ) : (
          <Drawer
            open={open}
            placement="left"
            size={260}
            title={name ?? t('productLong')}
            closable={{ 'aria-label': t('closeNavigation') }}
            onClose={() => setOpen(false)}
            styles={{ body: { padding: 8 } }}
          >
            <Navigation onChosen={() => setOpen(false)} />
          </Drawer>
        )}
        <Layout>
          <ConnectionBanner />
          <main ref={main} tabIndex={-1} className="shell-main">
            <LeaveGuard>
              <Outlet />
            </LeaveGuard>
          </main>
        </Layout>
      </Layout>
      <ScrollRestoration />
    </Layout>
  );
}
