import { LockOutlined } from '@ant-design/icons';
import { Result } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

import { useMe } from '../api/session';
import { Icon } from '../components/Icon';
import { maySee, type PageRoute } from './routes';

/** Shows a page to those who may see it, and to others the reason why not. */
export function PageGuard({ route, children }: { route: PageRoute; children: ReactNode }) {
  const { t } = useTranslation();
  const me = useMe();
  if (maySee(me, route)) return children;
  return (
    <Result
      icon={<Icon of={LockOutlined} />}
      title={<h1 className="result-title">{t('forbidden.title')}</h1>}
      subTitle={t('forbidden.text')}
    />
  );
}
