import {
  ApiOutlined,
  DeploymentUnitOutlined,
  FileOutlined,
  HomeOutlined,
  PlayCircleOutlined,
  SettingOutlined,
  TeamOutlined,
} from '@ant-design/icons';
import type { ComponentType, ReactNode } from 'react';

import type { Me } from '../api/session';
import { Icon } from '../components/Icon';
import type { Rights } from './rights';
import { rightsOf } from './rights';

/** A page within the shell. */
export interface PageRoute {
  /** As react-router reads it; parameters are read with `useParams`. */
  path: string;
  /** The page's file below `src/pages`, without its ending; its default export is the component. */
  page: string;
  /** Its place in the navigation; pages without one are reached from others. */
  nav?: { name: NavName; group: 'work' | 'administration'; icon: ReactNode };
  /** The right that it takes to see it; everybody who is signed in without one. */
  needs?: keyof Rights;
}

export type NavName = 'overview' | 'partners' | 'projects' | 'runs' | 'objects' | 'users' | 'system';

/** All pages within the shell, in the navigation's order. */
export const PAGES: readonly PageRoute[] = [
  {
    path: '/',
    page: 'overview/OverviewPage',
    nav: { name: 'overview', group: 'work', icon: <Icon of={HomeOutlined} /> },
  },
  {
    path: '/projects',
    page: 'projects/ProjectsPage',
    nav: { name: 'projects', group: 'work', icon: <Icon of={DeploymentUnitOutlined} /> },
  },
  { path: '/projects/:id', page: 'projects/ProjectPage' },
  { path: '/tasks/:id', page: 'tasks/TaskPage' },
  {
    path: '/runs',
    page: 'runs/RunsPage',
    nav: { name: 'runs', group: 'work', icon: <Icon of={PlayCircleOutlined} /> },
  },
  { path: '/runs/compare', page: 'runs/ComparePage' },
  { path: '/runs/:id', page: 'run/RunPage' },
  {
    path: '/objects',
    page: 'objects/ObjectsPage',
    nav: { name: 'objects', group: 'work', icon: <Icon of={FileOutlined} /> },
  },
  { path: '/objects/:name', page: 'objects/ObjectPage' },
  {
    path: '/partners',
    page: 'partners/PartnersPage',
    nav: { name: 'partners', group: 'administration', icon: <Icon of={ApiOutlined} /> },
  },
  { path: '/partners/:id', page: 'partners/PartnerPage' },
  { path: '/invitations/accept', page: 'invitations/AcceptPage', needs: 'managePartners' },
  {
    path: '/users',
    page: 'users/UsersPage',
    nav: { name: 'users', group: 'administration', icon: <Icon of={TeamOutlined} /> },
  },
  {
    path: '/system',
    page: 'system/SystemPage',
    nav: { name: 'system', group: 'administration', icon: <Icon of={SettingOutlined} /> },
  },
  { path: '/account', page: 'account/AccountPage' },
];

// The first page comes with the console itself.
const files = import.meta.glob<{ default: ComponentType }>(['../pages/*/*Page.tsx', '!../pages/overview/*']);

/** What loads a page's component; undefined for one that is not in this build. */
export function pageLoader({ page }: PageRoute) {
  return files[`../pages/${page}.tsx`];
}

/** The pages of this build; a row without a file is neither reachable nor in the navigation. */
export const BUILT_PAGES = PAGES.filter((route) => route.path === '/' || pageLoader(route) !== undefined);

/** Whether a person may see a page. */
export function maySee(me: Me, { needs }: PageRoute): boolean {
  return needs === undefined || rightsOf(me)[needs];
}
