import { Menu, type MenuProps } from 'antd';
import { useTranslation } from 'react-i18next';
import { Link, useLocation } from 'react-router';

import { useMe } from '../api/session';
import { BUILT_PAGES, maySee, type PageRoute } from './routes';

const GROUPS = ['work', 'administration'] as const;
/** Pages that are reached from another one's place in the navigation. */
const WITHIN: Record<string, string> = { tasks: '/projects', invitations: '/partners' };

/** The way to each page that the operator may see. */
export function Navigation({ onChosen }: { onChosen?: () => void }) {
  const { t } = useTranslation();
  const me = useMe();
  const { pathname } = useLocation();
  const section = pathname.split('/')[1] ?? '';
  const shown = BUILT_PAGES.filter((route) => route.nav && maySee(me, route));

  const items: MenuProps['items'] = GROUPS.map((group) => ({
    key: group,
    type: 'group' as const,
    label: t(`navGroup.${group}`),
    children: shown.filter(({ nav }) => nav?.group === group).map(entry),
  })).filter(({ children }) => children.length > 0);

  function entry({ path, nav }: PageRoute) {
    if (!nav) throw new Error(`${path} has no place in the navigation`);
    return { key: path, icon: nav.icon, label: <Link to={path}>{t(`nav.${nav.name}`)}</Link> };
  }

  return (
    <nav aria-label={t('mainNavigation')}>
      <Menu
        mode="inline"
        className="navigation"
        selectedKeys={[WITHIN[section] ?? `/${section}`]}
        items={items}
        onClick={() => onChosen?.()}
      />
    </nav>
  );
}
