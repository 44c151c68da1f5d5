import {
  BranchesOutlined,
  CaretRightOutlined,
  DeleteOutlined,
  DiffOutlined,
  ReadOutlined,
  StopOutlined,
} from '@ant-design/icons';
import { App, Button, Tooltip } from 'antd';
import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';

import { type Instance, useDeleteInstance, useStartInstance, useStopInstance } from '../../api/instances';
import { ApiError, type Code } from '../../api/error';
import { type Blocker, blockerText, isPossible } from '../../components/blocker';
import { ConfirmButton } from '../../components/ConfirmButton';
import { Icon } from '../../components/Icon';
import { Problem } from '../../components/Problem';
import { RunAgain } from './RunAgain';
import { useRunName } from './useRunName';
import { type Help, whatHelps } from './whatHelps';
import { REASON_ID, usePartnerName } from './WhatNow';

const CloneDrawer = lazy(() => import('./CloneDrawer'));

/** What can be done with a run in its present state. */
export function RunActions({ run }: { run: Instance }) {
  const { t } = useTranslation(['run', 'common']);
  const navigate = useNavigate();
  const [cloning, setCloning] = useState(false);
  const { start, stop, stop_partner, run_again, copy_task, delete: remove } = run.cannot ?? {};
  const why = (blocker: Blocker) => blockerText(blocker, t('needs.run'));
  const startable = !isOf(start, NOT_TO_START);
  const first = startable ? firstOf(run) : undefined;
  const copyText = blockerText(copy_task, t('needs.copy'));
  const compare = () => void navigate(`/runs?${new URLSearchParams({ pick: run.id }).toString()}`);
  const clone = (
    <Tooltip title={copyText}>
      <Button
        icon={<Icon of={BranchesOutlined} />}
        {...(first === 'settings' && { type: 'primary' })}
        disabled={copyText !== undefined}
        onClick={() => setCloning(true)}
      >
        {t('clone.action')}
      </Button>
    </Tooltip>
  );

  return (
    <>
      {isPossible(stop) && <Stop run={run} unavailable={why(stop)} />}
      {first === 'settings' && clone}
      {first === 'reason' && <SeeReason />}
      {(first === 'another' || run.status === 'succeeded') && (
        <RunAgain run={run} unavailable={why(run_again)} />
      )}
      {startable && <Start run={run} unavailable={why(start)} secondary={first !== 'start'} />}
      {isPossible(stop_partner) && <StopTheirs run={run} unavailable={why(stop_partner)} />}
      {first !== 'settings' && clone}
      <Button icon={<Icon of={DiffOutlined} />} onClick={compare}>
        {t('compare')}
      </Button>
      {isPossible(remove) && <Delete run={run} unavailable={why(remove)} />}
      {cloning && (
        <Suspense>
          <CloneDrawer run={run} onClose={() => setCloning(false)} />
        </Suspense>
      )}
    </>
  );
}

/** With these codes of the server there is nothing to start; with others something keeps the run from starting. */
const NOT_TO_START = ['cannot_start', 'awaiting_consent'] as const;

function isOf(blocker: Blocker, codes: readonly Code[]): boolean {
  return blocker != null && codes.includes(blocker.code);
}

/** What is offered first: what helps, as far as it can be done. */
function firstOf(run: Instance): Help {
  const help = whatHelps(run);
  return help === 'settings' && run.cannot?.copy_task ? 'reason' : help;
}

/** Leads to why the run ended. */
function SeeReason() {
  const { t } = useTranslation('run');
  return (
    <Button
      type="primary"
      icon={<Icon of={ReadOutlined} />}
      onClick={() => document.getElementById(REASON_ID)?.focus()}
    >
      {t('seeReason')}
    </Button>
  );
}

interface Props {
  run: Instance;
  /** Why it cannot be done, in words. */
  unavailable: string | undefined;
}

function Stop({ run, unavailable }: Props) {
  const { t } = useTranslation(['run', 'common']);
  const name = useRunName();
  const partner = usePartnerName(run);
  const stop = useStopInstance();
  return (
    <ConfirmButton
      icon={<Icon of={StopOutlined} />}
      question={t('stop.question', { run: name(run) })}
      consequence={t('stop.consequence', { partner })}
      unavailable={unavailable}
      onConfirm={() => stop.mutateAsync(run.id)}
    >
      {t('stop.action')}
    </ConfirmButton>
  );
}

/** A partner with the original console may go on when this side has ended; it can be asked to stop. */
function StopTheirs({ run, unavailable }: Props) {
  const { t } = useTranslation('run');
  const partner = usePartnerName(run);
  const stop = useStopInstance();
  return (
    <ConfirmButton
      icon={<Icon of={StopOutlined} />}
      question={t('stopTheirs.question', { partner })}
      consequence={t('stopTheirs.consequence')}
      unavailable={unavailable}
      onConfirm={() => stop.mutateAsync(run.id)}
    >
      {t('stopTheirs.action')}
    </ConfirmButton>
  );
}

function Start({ run, unavailable, secondary }: Props & { secondary: boolean }) {
  const { t } = useTranslation(['run', 'common']);
  const { modal } = App.useApp();
  const start = useStartInstance();
  const first = run.status === 'ready';
  const begin = () =>
    start.mutate(run.id, {
      onError: (error) => void modal.error({ title: t('start.failed'), content: <Problem error={error} /> }),
    });
  return (
    <Tooltip title={unavailable}>
      <Button
        type={secondary ? 'default' : 'primary'}
        icon={<Icon of={CaretRightOutlined} />}
        disabled={unavailable !== undefined}
        loading={start.isPending}
        onClick={begin}
      >
        {t(first ? 'start.first' : 'start.again')}
      </Button>
    </Tooltip>
  );
}

function Delete({ run, unavailable }: Props) {
  const { t } = useTranslation(['run', 'common']);
  const name = useRunName();
  const partner = usePartnerName(run);
  const { message } = App.useApp();
  const navigate = useNavigate();
  const remove = useDeleteInstance();
  const confirm = async () => {
    await remove.mutateAsync(run.id).catch((thrown: unknown) => {
      throw ApiError.from(thrown);
    });
    void navigate('/runs');
    void message.success(t('delete.done', { run: name(run) }));
  };
  return (
    <ConfirmButton
      icon={<Icon of={DeleteOutlined} />}
      question={t('delete.question', { run: name(run) })}
      consequence={t('delete.consequence', { partner })}
      unavailable={unavailable}
      onConfirm={confirm}
    >
      {t('common:action.delete')}
    </ConfirmButton>
  );
}
