import { createBrowserRouter, type RouteObject } from 'react-router';

import { basename } from '../base';
import OverviewPage from '../pages/overview/OverviewPage';
import { LoadingPage } from './LoadingPage';
import { NotFoundPage } from './NotFoundPage';
import { PageGuard } from './PageGuard';
import { RequireSession } from './RequireSession';
import { RouteError } from './RouteError';
import { Shell } from './Shell';
import { BUILT_PAGES, pageLoader, type PageRoute } from './routes';

/** The addresses of the console. */
export function newRouter() {
  return createBrowserRouter(
    [
      {
        errorElement: <RouteError />,
        hydrateFallbackElement: <LoadingPage />,
        children: [
          {
            path: '/setup',
            lazy: { Component: async () => (await import('../pages/setup/SetupPage')).default },
          },
          {
            path: '/sign-in',
            lazy: { Component: async () => (await import('../pages/sign-in/SignInPage')).default },
          },
          {
            element: <RequireSession />,
            children: [
              {
                Component: Shell,
                children: [
                  {
                    errorElement: <RouteError />,
                    children: [...BUILT_PAGES.map(within), { path: '*', element: <NotFoundPage /> }],
                  },
                ],
              },
            ],
          },
        ],
      },
    ],
    { basename: basename || '/' },
  );
}

function within(route: PageRoute): RouteObject {
  // The first page comes with the console itself: one load less.
  if (route.path === '/') return { path: '/', Component: OverviewPage };
  return {
    path: route.path,
    lazy: {
      Component: async () => {
        const Page = (await pageLoader(route)?.())?.default ?? NotFoundPage;
        return function Guarded() {
          return (
            <PageGuard route={route}>
              <Page />
            </PageGuard>
          );
        };
      },
    },
  };
}
