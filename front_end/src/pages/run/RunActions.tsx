import {
  BranchesOutlined,
  CaretRightOutlined,
  DeleteOutlined,
  DiffOutlined,
  ReadOutlined,
  StopOutlined,
} from '@ant-design/icons';
import { useQuery } from '@tanstack/react-query';
import { App, Button, Tooltip } from 'antd';
import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';

import { type Instance, useDeleteInstance, useStartInstance, useStopInstance } from '../../api/instances';
import { ApiError } from '../../api/error';
import { partnerQuery } from '../../api/partners';
import { useRights } from '../../app/rights';
import { ConfirmButton } from '../../components/ConfirmButton';
import { Icon } from '../../components/Icon';
import { Problem } from '../../components/Problem';
import { RunAgain } from './RunAgain';
import { useRunName } from './useRunName';
import { type Help, whatHelps } from './whatHelps';
import { REASON_ID, usePartnerName } from './WhatNow';

const CloneDrawer = lazy(() => import('./CloneDrawer'));

const STOPPABLE = ['draft', 'ready', 'awaiting_consent', 'starting', 'running'];
const STARTABLE = ['ready', 'failed', 'stopped', 'lost'];
const ENDED = ['succeeded', 'stopped', 'failed', 'lost', 'archive'];

/** What can be done with a run in its present state. */
export function RunActions({ run }: { run: Instance }) {
  const { t } = useTranslation(['run', 'common']);
  const { run: mayRun, createTasks } = useRights();
  const navigate = useNavigate();
  const [cloning, setCloning] = useState(false);
  const missing = mayRun ? undefined : t('needs.run');
  const startable = STARTABLE.includes(run.status);
  const first = startable ? firstOf(run, createTasks) : undefined;
  const compare = () => void navigate(`/runs?${new URLSearchParams({ pick: run.id }).toString()}`);
  const clone = (
    <Tooltip title={createTasks ? undefined : t('needs.addTask')}>
      <Button
        icon={<Icon of={BranchesOutlined} />}
        {...(first === 'settings' && { type: 'primary' })}
        disabled={!createTasks}
        onClick={() => setCloning(true)}
      >
        {t('clone.action')}
      </Button>
    </Tooltip>
  );

  return (
    <>
      {STOPPABLE.includes(run.status) && <Stop run={run} missing={missing} />}
      {first === 'settings' && clone}
      {first === 'reason' && <SeeReason />}
      {(first === 'another' || run.status === 'succeeded') && <RunAgain run={run} missing={missing} />}
      {startable && <Start run={run} missing={missing} secondary={first !== 'start'} />}
      <StopTheirs run={run} missing={missing} />
      {first !== 'settings' && clone}
      <Button icon={<Icon of={DiffOutlined} />} onClick={compare}>
        {t('compare')}
      </Button>
      {ENDED.includes(run.status) && <Delete run={run} missing={missing} />}
      {cloning && (
        <Suspense>
          <CloneDrawer run={run} onClose={() => setCloning(false)} />
        </Suspense>
      )}
    </>
  );
}

/** What is offered first: what helps, as far as the role permits it. */
function firstOf(run: Instance, createTasks: boolean): Help {
  const help = whatHelps(run);
  return help === 'settings' && !createTasks ? 'reason' : help;
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
  /** The right that is missing, in words. */
  missing: string | undefined;
}

function Stop({ run, missing }: Props) {
  const { t } = useTranslation(['run', 'common']);
  const name = useRunName();
  const partner = usePartnerName(run);
  const stop = useStopInstance();
  return (
    <ConfirmButton
      icon={<Icon of={StopOutlined} />}
      question={t('stop.question', { run: name(run) })}
      consequence={t('stop.consequence', { partner })}
      unavailable={missing}
      onConfirm={() => stop.mutateAsync(run.id)}
    >
      {t('stop.action')}
    </ConfirmButton>
  );
}

/** A partner with the original console may go on when this side has ended; it can be asked to stop. */
function StopTheirs({ run, missing }: Props) {
  const { t } = useTranslation('run');
  const partner = usePartnerName(run);
  const stop = useStopInstance();
  const goesOn = ENDED.includes(run.status) && run.partner.status === 'running' && Boolean(run.partner.id);
  const row = useQuery({ ...partnerQuery(run.partner.id ?? ''), enabled: goesOn }).data;
  if (!goesOn || row?.trust !== 'base') return null;
  return (
    <ConfirmButton
      icon={<Icon of={StopOutlined} />}
      question={t('stopTheirs.question', { partner })}
      consequence={t('stopTheirs.consequence')}
      unavailable={missing}
      onConfirm={() => stop.mutateAsync(run.id)}
    >
      {t('stopTheirs.action')}
    </ConfirmButton>
  );
}

function Start({ run, missing, secondary }: Props & { secondary: boolean }) {
  const { t } = useTranslation(['run', 'common']);
  const { modal } = App.useApp();
  const start = useStartInstance();
  const first = run.status === 'ready';
  const begin = () =>
    start.mutate(run.id, {
      onError: (error) => void modal.error({ title: t('start.failed'), content: <Problem error={error} /> }),
    });
  return (
    <Tooltip title={missing}>
      <Button
        type={secondary ? 'default' : 'primary'}
        icon={<Icon of={CaretRightOutlined} />}
        disabled={missing !== undefined}
        loading={start.isPending}
        onClick={begin}
      >
        {t(first ? 'start.first' : 'start.again')}
      </Button>
    </Tooltip>
  );
}

function Delete({ run, missing }: Props) {
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
      unavailable={missing}
      onConfirm={confirm}
    >
      {t('common:action.delete')}
    </ConfirmButton>
  );
}
