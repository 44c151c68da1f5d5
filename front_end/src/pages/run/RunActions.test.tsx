import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { App as AntApp, ConfigProvider } from 'antd';
import { MemoryRouter } from 'react-router';
import { beforeAll, expect, it } from 'vitest';

import type { Instance } from '../../api/instances';
import { type Me, MeContext } from '../../api/session';
import { startI18n } from '../../i18n';
import { RunActions } from './RunActions';
import { WhatNow } from './WhatNow';

beforeAll(() => startI18n('en'));

const failed: Instance = {
  id: 'r',
  task_id: 't',
  pairing_id: 'p',
  initiator: true,
  attempt: 1,
  status: 'failed',
  warnings: 0,
  partner: { name: 'Riverside' },
  created_at: '2026-01-01T00:00:00Z',
  modified_at: '2026-01-01T00:00:00Z',
  generation: 1,
};

const me: Me = {
  id: 'u',
  name: 'anna',
  role: 'default',
  add_task: false,
  run: false,
  rights: ['run'],
  grantable_roles: [],
};
/** What the server says of a run that has failed. */
const ended: Instance['cannot'] = {
  stop: { code: 'cannot_stop', detail: 'The run has ended already.' },
  stop_partner: { code: 'cannot_stop', detail: 'It has ended.' },
};

function failure(message: string, retryable: boolean) {
  return { message, params: {}, retryable };
}

function show(run: Partial<Instance>, cannot: Instance['cannot'] = {}) {
  render(
    <QueryClientProvider client={new QueryClient()}>
      <MemoryRouter>
        <MeContext value={me}>
          <ConfigProvider button={{ autoInsertSpace: false }}>
            <AntApp>
              <RunActions run={{ ...failed, ...run, cannot: { ...ended, ...cannot } }} />
              <WhatNow run={{ ...failed, ...run, cannot: { ...ended, ...cannot } }} />
            </AntApp>
          </ConfigProvider>
        </MeContext>
      </MemoryRouter>
    </QueryClientProvider>,
  );
  const buttons = screen.getAllByRole('button');
  return {
    primary: buttons.filter(({ className }) => className.includes('ant-btn-primary')),
    names: buttons.map(({ textContent }) => textContent),
  };
}

it('offers to start again first when that may help', () => {
  const { primary, names } = show({ failure: failure('the disk is full', true) });
  expect(primary).toEqual([screen.getByRole('button', { name: /Start again/ })]);
  expect(names[0]).toBe('Start again');
});

it('offers other settings before another attempt that would fail again', () => {
  const { primary, names } = show({ failure: failure('no column "id"', false) });
  expect(primary).toEqual([screen.getByRole('button', { name: /Clone with changes/ })]);
  expect(names.slice(0, 2)).toEqual(['Clone with changes', 'Start again']);
});

it.each<[string, Partial<Instance>, Instance['cannot']]>([
  ['the partner failed', { stop_cause: 'partner_failed', stop_reason_code: 'partner_failed' } as const, {}],
  [
    'who may not change settings',
    { failure: failure('no column', false) },
    { copy_task: { code: 'forbidden', detail: 'x' } },
  ],
])('leads to the reason first: %s', async (_, run, cannot) => {
  const { primary, names } = show(run, cannot);
  expect(names.slice(0, 2)).toEqual(['See the reason', 'Start again']);
  expect(primary).toHaveLength(1);
  await userEvent.click(screen.getByRole('button', { name: /See the reason/ }));
  expect(document.activeElement).toContainElement(screen.getByRole('alert'));
});

it('offers to start again when the partner says that it may succeed', () => {
  const theirs = { stop_cause: 'partner_failed', stop_reason_code: 'partner_failed' } as const;
  const { names } = show({ ...theirs, partner: { name: 'Riverside', retryable: true } });
  expect(names[0]).toBe('Start again');
});

it('says that it would fail again at the partner', () => {
  const theirs = { stop_cause: 'partner_failed', stop_reason_code: 'partner_failed' } as const;
  const { names } = show({ ...theirs, partner: { name: 'Riverside', retryable: false } });
  expect(names[0]).toBe('See the reason');
  expect(screen.getByText(/the same run would fail again/)).toBeVisible();
});

it('offers another run when this one cannot go on at the partner', () => {
  const run = { stop_cause: 'partner_failed', stop_reason_code: 'partner_cannot_start' } as const;
  const { primary, names } = show(run);
  expect(names.slice(0, 2)).toEqual(['Run again', 'Start again']);
  expect(primary).toEqual([screen.getByRole('button', { name: /Run again/ })]);
});

it('shows what the state of a run allows, and says what else keeps it from being done', async () => {
  const { names } = show(
    { status: 'ready' },
    {
      start: { code: 'project_archived', detail: 'The project is closed.' },
      stop: { code: 'forbidden', detail: 'This needs the permission to run.' },
      delete: { code: 'still_running', detail: 'Stop it first.' },
    },
  );
  expect(names).toEqual(['Stop', 'Start', 'Clone with changes', 'Compare with …']);
  const start = screen.getByRole('button', { name: /^Start/ });
  expect(screen.getByRole('button', { name: /^Stop/ })).toBeDisabled();
  expect(start).toBeDisabled();
  await userEvent.hover(start);
  expect(await screen.findByRole('tooltip')).toHaveTextContent('The project is closed');
});

it('offers no start to a run that is not to be started', () => {
  const { names } = show({ status: 'running' }, { start: { code: 'cannot_start', detail: 'x' }, stop: null });
  expect(names).not.toContain('Start again');
  expect(names).toContain('Stop');
});
