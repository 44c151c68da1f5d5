import { useEffect, useMemo, useState, useSyncExternalStore } from 'react';
import { useTranslation } from 'react-i18next';

import type { Instance } from '../../../api/instances';
import type { LogQuery } from '../../../api/logs';
import { read, write } from '../../../app/storage';
import { Section } from '../../../components/Section';

import './log.css';
import { LogLines } from './LogLines';
import { LogStatus } from './LogStatus';
import { LogStore } from './LogStore';
import { LogToolbar } from './LogToolbar';
import { levelsFrom, useLogFilter } from './useLogFilter';
import { useRoles } from './useRoles';

interface Props {
  run: Instance;
  attempt: number;
}

const narrow = () => window.matchMedia('(max-width: 767px)').matches;

/** The log of our half, as it is written. */
export function LogPanel({ run, attempt }: Props) {
  const { t } = useTranslation('run');
  const { filter, change } = useLogFilter();
  const [wrap, setWrap] = useState(() => (read('log.wrap') ?? String(narrow())) === 'true');
  const [roles, addRoles] = useRoles();
  const { level, role, text } = filter;
  const query = useMemo(
    () => logQuery(run.id, attempt, { level, role, text }),
    [run.id, attempt, level, role, text],
  );
  const chooseWrap = (wanted: boolean) => {
    write('log.wrap', String(wanted));
    setWrap(wanted);
  };

  return (
    <Section title={t('log.title')}>
      <LogToolbar
        run={run}
        attempt={attempt}
        filter={filter}
        onFilter={change}
        roles={roles}
        wrap={wrap}
        onWrap={chooseWrap}
      />
      <Followed key={JSON.stringify(query)} query={query} wrap={wrap} onRoles={addRoles} />
    </Section>
  );
}

function logQuery(
  instance: string,
  attempt: number,
  { level, role, text }: ReturnType<typeof useLogFilter>['filter'],
) {
  const levels = levelsFrom(level);
  const query: LogQuery = { instance, attempt };
  if (levels) query.levels = levels;
  if (role) query.role = role;
  if (text) query.contains = text;
  return query;
}

interface FollowedProps {
  query: LogQuery;
  wrap: boolean;
  onRoles: (lines: readonly { role: string }[]) => void;
}

function Followed({ query, wrap, onRoles }: FollowedProps) {
  const [store] = useState(() => new LogStore(query));
  const view = useSyncExternalStore(store.watch, store.view);
  const [paused, setPaused] = useState(false);
  const { lines } = view.window;
  useEffect(() => {
    store.start();
    return () => store.stop();
  }, [store]);
  useEffect(() => onRoles(lines), [onRoles, lines]);

  const pause = (wanted: boolean) => {
    setPaused(wanted);
    if (wanted) store.arrive('note');
    else void store.toNewest();
  };
  return (
    <>
      <LogLines
        store={store}
        view={view}
        paused={paused}
        wrap={wrap}
        search={query.contains}
        onResume={() => pause(false)}
      />
      <LogStatus view={view} paused={paused} onPause={pause} />
    </>
  );
}
