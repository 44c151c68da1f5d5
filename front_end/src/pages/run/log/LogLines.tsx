import { ArrowDownOutlined } from '@ant-design/icons';
import { useVirtualizer } from '@tanstack/react-virtual';
import { Button } from 'antd';
import { type UIEvent, useCallback, useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';

import { Empty } from '../../../components/Empty';
import { Icon } from '../../../components/Icon';
import { Loading } from '../../../components/Loading';
import { Problem } from '../../../components/Problem';
import { LogRow } from './LogRow';
import type { LogStore, LogView } from './LogStore';
import { atBeginning, atEnd } from './window';

const LINE_PX = 20;
/** So near an end older or newer lines are asked for. */
const NEAR_LINES = 200;
/** So near the end counts as being there. */
const AT_END_PX = 30;
/** A log that is over and has no more lines is only as high as they are. */
const SHORT_LINES = 15;

interface Props {
  store: LogStore;
  view: LogView;
  paused: boolean;
  wrap: boolean;
  search: string | undefined;
  onResume: () => void;
}

/** The lines: only those on the screen are in the page. Who is at the end stays there, who reads elsewhere is left alone. */
export function LogLines({ store, view, paused, wrap, search, onResume }: Props) {
  const { t } = useTranslation('run');
  const place = useRef<HTMLDivElement>(null);
  const top = useRef(0);
  const { lines, first } = view.window;
  const begun = atBeginning(view.window);
  const whole = atEnd(view.window);
  const rows = useVirtualizer({
    count: lines.length,
    getScrollElement: () => place.current,
    estimateSize: () => LINE_PX,
    getItemKey: useCallback((index: number) => lines[index]?.line ?? index, [lines]),
    overscan: 20,
    // Keeps what is read in its place when lines are put before it or taken away there.
    anchorTo: 'end',
    followOnAppend: !paused && whole,
    scrollEndThreshold: AT_END_PX,
  });

  const loaded = view.state !== 'loading';
  useEffect(() => {
    // The newest lines are what matters at first.
    if (loaded) rows.scrollToEnd();
  }, [loaded, rows]);

  const shown = rows.range;
  const nearTop = loaded && !begun && (shown === null || shown.startIndex < NEAR_LINES);
  const nearEnd = loaded && !whole && !paused && shown !== null && shown.endIndex > lines.length - NEAR_LINES;
  const idle = view.loading === undefined && view.error === undefined;
  useEffect(() => {
    if (nearTop && idle) void store.loadOlder();
    else if (nearEnd && idle) void store.loadNewer();
  }, [store, nearTop, nearEnd, idle, first]);

  const scrolled = (event: UIEvent<HTMLElement>) => {
    const { scrollTop, scrollHeight, clientHeight } = event.currentTarget;
    const up = scrollTop < top.current;
    top.current = scrollTop;
    if (paused) return;
    // Only who scrolls up leaves the end; new lines move it away as well, for a moment.
    if (whole && scrollHeight - scrollTop - clientHeight <= AT_END_PX) store.arrive('follow');
    else if (up) store.arrive('keep');
  };
  const jump = async () => {
    if (paused) onResume();
    else await store.toNewest();
    requestAnimationFrame(() => rows.scrollToEnd());
  };

  if (view.error && lines.length === 0) return <Problem error={view.error} onRetry={() => store.start()} />;
  if (!loaded) return <Loading rows={8} />;
  return (
    <div className="run-log-frame">
      <Problem error={view.error} onRetry={() => void store.toNewest()} />
      {/* A part that scrolls must be reachable by keyboard; read aloud as it comes it would not end. */}
      <div
        ref={place}
        className={
          view.state === 'ended' && begun && whole && lines.length <= SHORT_LINES
            ? 'run-log short'
            : 'run-log'
        }
        role="log"
        aria-live="off"
        aria-label={t('log.title')}
        tabIndex={0}
        onScroll={scrolled}
      >
        {lines.length === 0 ? (
          <Nothing view={view} search={search} />
        ) : (
          <div
            className={wrap ? 'run-log-lines wrap' : 'run-log-lines'}
            style={{ height: rows.getTotalSize() }}
          >
            {rows.getVirtualItems().map(({ index, key, start }) => {
              const line = lines[index];
              return (
                line && (
                  <div
                    key={key}
                    ref={rows.measureElement}
                    data-index={index}
                    className="run-log-row"
                    style={{ top: start }}
                  >
                    <LogRow line={line} search={search} />
                  </div>
                )
              );
            })}
          </div>
        )}
      </div>
      {view.unseen > 0 && (
        <Button
          className="run-log-jump"
          type="primary"
          icon={<Icon of={ArrowDownOutlined} />}
          onClick={() => void jump()}
        >
          {t('log.unseen', { count: view.unseen })}
        </Button>
      )}
    </div>
  );
}

function Nothing({ view, search }: { view: LogView; search: string | undefined }) {
  const { t } = useTranslation('run');
  if (view.loading) return <Loading rows={6} />;
  if (search) return <Empty text={t('log.nothingFound')} />;
  if (view.window.next > 0) return <Empty text={t('log.allHidden')} />;
  return <Empty text={t(view.state === 'ended' ? 'log.none' : 'log.noneYet')} />;
}
