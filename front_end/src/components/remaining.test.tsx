import { render, screen } from '@testing-library/react';
import { beforeAll, describe, expect, it, vi } from 'vitest';

import { startI18n } from '../i18n';
import { RunProgress } from './RunProgress';
import { remainingMs, roughDuration } from './remaining';

const started_at = '2026-03-01T12:00:00Z';
const after = (seconds: number) => Date.parse(started_at) + seconds * 1000;
const running = { status: 'running', started_at } as const;

beforeAll(() => startI18n('en'));

describe('what remains of a run', () => {
  it('follows from how far it came and how long that took', () => {
    expect(remainingMs({ ...running, progress: 0.25 }, after(60))).toBe(180_000);
  });

  it.each([
    ['no progress is told', { ...running, progress: null }, 60],
    ['it has only begun', { ...running, progress: 0.01 }, 60],
    ['a moment has passed', { ...running, progress: 0.5 }, 3],
    ['the clocks differ', { ...running, progress: 0.5 }, -60],
    ['all is done', { ...running, progress: 1 }, 60],
    ['it has not started', { status: 'starting', progress: 0.5 } as const, 60],
    ['it stops', { ...running, status: 'stopping', progress: 0.5 } as const, 60],
    [
      'something holds it up',
      { ...running, progress: 0.5, held_up: { reason: 'partner_slow', since: started_at } as const },
      60,
    ],
  ])('is not known when %s', (_, run, seconds) => {
    expect(remainingMs(run, after(seconds))).toBeUndefined();
  });

  it.each([
    [59_000, undefined, undefined],
    [61_000, '1 minute', '1分钟'],
    [4.4 * 60_000, '4 minutes', '4分钟'],
    [38 * 60_000, '40 minutes', '40分钟'],
    [88 * 60_000, '1 hour', '1小时'],
    [5.6 * 3_600_000, '6 hours', '6小时'],
    [50 * 3_600_000, '2 days', '2天'],
  ])('%d ms are %s', (milliseconds, english, chinese) => {
    expect(roughDuration(milliseconds, 'en')).toBe(english);
    expect(roughDuration(milliseconds, 'zh-CN')?.replaceAll(' ', '')).toBe(chinese);
  });

  it('stands beside what the run does', () => {
    vi.setSystemTime(after(80));
    const run = { ...running, progress: 0.25, progress_text: 'epoch 5 of 20' };
    const { rerender } = render(<RunProgress run={run} />);
    expect(screen.getByText('epoch 5 of 20 · about 4 minutes left')).toBeInTheDocument();
    rerender(<RunProgress run={{ ...run, progress_text: null, progress: 0.75 }} />);
    expect(screen.getByText('less than a minute left')).toBeInTheDocument();
    rerender(<RunProgress run={{ ...run, progress: 0 }} />);
    expect(screen.getByText('epoch 5 of 20')).toBeInTheDocument();
    vi.useRealTimers();
  });
});
