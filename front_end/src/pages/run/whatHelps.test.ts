import { describe, expect, it } from 'vitest';

import { whatHelps } from './whatHelps';

const failed = { status: 'failed', partner: {} } as const;

describe('what helps a run', () => {
  it.each(['ready', 'stopped', 'lost'] as const)('that is %s is to start it', (status) => {
    expect(whatHelps({ status, partner: {} })).toBe('start');
  });

  it.each([
    [true, 'start'],
    [false, 'settings'],
  ] as const)('whose engine failed, worth another attempt: %s', (retryable, help) => {
    const failure = { message: 'no column "id"', params: {}, retryable };
    expect(whatHelps({ ...failed, failure })).toBe(help);
  });

  it.each([
    ['partner_failed', 'reason'],
    ['partner_refused', 'reason'],
    ['partner_refused_start', 'reason'],
    ['a word of a newer console', 'reason'],
    [null, 'reason'],
    ['partner_lost', 'start'],
    ['partner_cannot_start', 'another'],
    ['partner_deleted', 'another'],
    ['partner_unknowing', 'another'],
  ] as const)('that ended because of the partner: %s', (stop_reason_code, help) => {
    expect(whatHelps({ ...failed, stop_cause: 'partner_failed', stop_reason_code })).toBe(help);
  });

  it.each([
    [true, 'start'],
    [false, 'reason'],
    [null, 'reason'],
  ] as const)('whose partner says that it may succeed there: %s', (retryable, help) => {
    const theirs = { stop_cause: 'partner_failed', stop_reason_code: 'partner_failed' } as const;
    expect(whatHelps({ ...failed, ...theirs, partner: { retryable } })).toBe(help);
  });

  it('that the partner is to accept is to wait', () => {
    expect(whatHelps({ status: 'ready', partner: { status: 'awaiting_consent' } })).toBe('wait');
  });

  it('is another run when the partner has deleted its side', () => {
    const partner = { gone_at: '2026-01-01T00:00:00Z' };
    expect(whatHelps({ status: 'stopped', partner })).toBe('another');
    // Another run would fail as well.
    expect(whatHelps({ ...failed, partner })).toBe('settings');
  });
});
