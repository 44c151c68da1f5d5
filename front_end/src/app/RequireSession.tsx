import { useQuery } from '@tanstack/react-query';
import { Result } from 'antd';
import { useTranslation } from 'react-i18next';
import { useState } from 'react';
import { Navigate, Outlet, useLocation } from 'react-router';

import { type Me, MeContext, sessionQuery, setupQuery } from '../api/session';
import { Problem } from '../components/Problem';
import { LiveProvider } from '../events/live';
import { SignInAgain } from '../pages/sign-in/SignInAgain';
import { LoadingPage } from './LoadingPage';
import { signInPath } from './signInPath';

const RETRY_MS = 3_000;

/**
 * Lets those in who are signed in; others go to sign-in (and come back to where they wanted to go) or to setup. Who was in
 * when the session ended signs in on the spot, so that nothing that was typed is lost.
 */
export function RequireSession() {
  const location = useLocation();
  const [was, setWas] = useState<Me | null>(null);
  const session = useQuery({
    ...sessionQuery,
    refetchInterval: ({ state }) => (state.status === 'error' ? RETRY_MS : false),
  });
  const setup = useQuery({ ...setupQuery, enabled: session.data === null });

  if (session.data && session.data !== was) setWas(session.data);
  const me = session.data ?? (session.data === null ? was : null);
  if (me) {
    return (
      <MeContext value={me}>
        {/* Another operator must not go on with the feed of the one before. */}
        <LiveProvider key={me.id} active={session.data != null}>
          <Outlet />
        </LiveProvider>
        {!session.data && <SignInAgain me={me} onLeave={() => setWas(null)} />}
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
