import { useQuery } from '@tanstack/react-query';
import { Result } from 'antd';
import { useTranslation } from 'react-i18next';
import { Navigate, Outlet, useLocation } from 'react-router';

import { MeContext, sessionQuery, setupQuery } from '../api/session';
import { Problem } from '../components/Problem';
import { LiveProvider } from '../events/live';
import { LoadingPage } from './LoadingPage';
import { signInPath } from './signInPath';

const RETRY_MS = 3_000;

/** Lets those in who are signed in; others go to sign-in (and come back to where they wanted to go) or to setup. */
export function RequireSession() {
  const location = useLocation();
  const session = useQuery({
    ...sessionQuery,
    refetchInterval: ({ state }) => (state.status === 'error' ? RETRY_MS : false),
  });
  const setup = useQuery({ ...setupQuery, enabled: session.data === null });

  if (session.data) {
    return (
      <MeContext value={session.data}>
        {/* Another operator must not go on with the feed of the one before. */}
        <LiveProvider key={session.data.id}>
          <Outlet />
        </LiveProvider>
      </MeContext>
    );
  }
  if (session.error) return <Unreachable error={session.error} />;
  // What the console waits for may be known before it is known who is signed in.
  if (session.data === undefined) return <LoadingPage />;
  if (setup.data?.needed) return <Navigate to="/setup" replace />;
  if (setup.data ?? setup.error) {
    return <Navigate to={signInPath(location)} replace />;
  }
  return <LoadingPage />;
}

function Unreachable({ error }: { error: NonNullable<Parameters<typeof Problem>[0]['error']> }) {
  const { t } = useTranslation();
  return (
    <main>
      <Result status="warning" title={t('unreachable.title')} subTitle={t('unreachable.text')}>
        {error.code !== 'network' && <Problem error={error} />}
      </Result>
    </main>
  );
}
