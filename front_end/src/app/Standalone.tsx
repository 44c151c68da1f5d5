import { Card, Flex, Typography } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

import { LanguageSwitch, ThemeSwitch } from './HeaderTools';
import { Logo } from './Logo';
import { useDocumentTitle } from './useDocumentTitle';

import '../styles/standalone.css';

interface Props {
  title: string;
  intro: string;
  children: ReactNode;
}

/** What is around the pages for people who are not signed in. */
export function Standalone({ title, intro, children }: Props) {
  const { t } = useTranslation();
  useDocumentTitle(title);
  return (
    <div className="standalone">
      <header>
        <Flex justify="flex-end" gap={4}>
          <LanguageSwitch />
          <ThemeSwitch />
        </Flex>
      </header>
      <main>
        <Flex align="center" gap={12} className="standalone-brand">
          <Logo size={40} />
          <div>
            <div className="standalone-product">{t('product')}</div>
            <div className="muted">{t('productLong')}</div>
          </div>
        </Flex>
        <Card>
          <Typography.Title level={1} className="standalone-title">
            {title}
          </Typography.Title>
          <p className="muted standalone-intro">{intro}</p>
          {children}
        </Card>
      </main>
    </div>
  );
}
