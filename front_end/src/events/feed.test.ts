import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { FakeEventSource } from '../test/fakeEventSource';
import { LiveFeed } from './feed';

function listener() {
  return {
    onChange: vi.fn(),
    onReset: vi.fn(),
    onEnd: vi.fn(),
    poll: vi.fn(() => Promise.resolve()),
  };
}

describe('LiveFeed', () => {
  beforeEach(() => {
    vi.useFakeTimers();
    FakeEventSource.opened = [];
    vi.stubGlobal('EventSource', FakeEventSource);
  });
  afterEach(() => {
    vi.useRealTimers();
    vi.unstubAllGlobals();
  });

  function started() {
    const told = listener();
    const feed = new LiveFeed('/events', told);
    feed.start();
    return { feed, told };
  }

  it('does not poll while it is live', async () => {
    const { feed, told } = started();
    expect(feed.state()).toEqual({ mode: 'polling', interrupted: false });
    FakeEventSource.last.open();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(feed.state()).toEqual({ mode: 'live', interrupted: false });
    expect(told.poll).not.toHaveBeenCalled();
    FakeEventSource.last.send('change', { kind: 'partner', id: '1', change: 'updated' });
    expect(told.onChange).toHaveBeenCalledWith({ kind: 'partner', id: '1', change: 'updated' });
    feed.stop();
  });

  it('holds no connection while nobody sees the page, and catches up when somebody does', async () => {
    const { feed, told } = started();
    FakeEventSource.last.open();
    const seen = vi.spyOn(document, 'visibilityState', 'get').mockReturnValue('hidden');
    document.dispatchEvent(new Event('visibilitychange'));
    expect(FakeEventSource.last.readyState).toBe(FakeEventSource.CLOSED);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(told.poll).not.toHaveBeenCalled();
    expect(FakeEventSource.opened).toHaveLength(1);
    seen.mockReturnValue('visible');
    document.dispatchEvent(new Event('visibilitychange'));
    FakeEventSource.last.open();
    expect(FakeEventSource.opened).toHaveLength(2);
    expect(told.onReset).toHaveBeenCalledTimes(1);
    feed.stop();
  });

  it('polls while it is down, and loads everything again when it heals', async () => {
    const { feed, told } = started();
    FakeEventSource.last.open();
    FakeEventSource.last.fail({ givesUp: false });
    expect(feed.state()).toEqual({ mode: 'polling', interrupted: true });
    await vi.advanceTimersByTimeAsync(11_000);
    expect(told.poll).toHaveBeenCalledTimes(2);
    expect(FakeEventSource.opened).toHaveLength(1);
    FakeEventSource.last.open();
    expect(feed.state()).toEqual({ mode: 'live', interrupted: false });
    expect(told.onReset).toHaveBeenCalledTimes(1);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(told.poll).toHaveBeenCalledTimes(2);
    feed.stop();
  });

  it('opens a new stream when the browser gave up, and says offline when nobody answers', async () => {
    const { feed, told } = started();
    told.poll.mockRejectedValue(new Error('down'));
    FakeEventSource.last.fail({ givesUp: true });
    await vi.advanceTimersByTimeAsync(500);
    expect(feed.state()).toEqual({ mode: 'offline', interrupted: true });
    await vi.advanceTimersByTimeAsync(1_000);
    expect(FakeEventSource.opened).toHaveLength(2);
    FakeEventSource.last.open();
    expect(feed.state().mode).toBe('live');
    feed.stop();
  });

  it('stops when the session ended', async () => {
    const { told } = started();
    FakeEventSource.last.open();
    FakeEventSource.last.send('end', {});
    expect(told.onEnd).toHaveBeenCalledTimes(1);
    expect(FakeEventSource.last.readyState).toBe(FakeEventSource.CLOSED);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(FakeEventSource.opened).toHaveLength(1);
    expect(told.poll).not.toHaveBeenCalled();
  });
});
