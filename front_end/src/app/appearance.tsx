import { type ReactNode, useCallback, useEffect, useMemo, useState, useSyncExternalStore } from 'react';

import { AppearanceContext, type ThemeChoice } from './appearanceContext';
import { read, write } from './storage';

const DARK = '(prefers-color-scheme: dark)';

function storedChoice(): ThemeChoice {
  const stored = read('theme');
  return stored === 'light' || stored === 'dark' ? stored : 'system';
}

function watchSystem(watcher: () => void): () => void {
  const query = window.matchMedia(DARK);
  query.addEventListener('change', watcher);
  return () => query.removeEventListener('change', watcher);
}

/** Holds the colour scheme: the operator's choice, or the system's, as it changes. */
export function AppearanceProvider({ children }: { children: ReactNode }) {
  const [choice, setChoice] = useState(storedChoice);
  const systemIsDark = useSyncExternalStore(watchSystem, () => window.matchMedia(DARK).matches);
  const scheme = choice === 'system' ? (systemIsDark ? 'dark' : 'light') : choice;

  useEffect(() => {
    // The style sheet of the first paint follows it; see public/theme.js.
    document.documentElement.dataset.theme = scheme;
  }, [scheme]);

  const choose = useCallback((next: ThemeChoice) => {
    write('theme', next);
    setChoice(next);
  }, []);

  const value = useMemo(() => ({ choice, scheme, choose }) as const, [choice, scheme, choose]);
  return <AppearanceContext value={value}>{children}</AppearanceContext>;
}
