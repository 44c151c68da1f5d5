import {
  BranchesOutlined,
  CaretRightOutlined,
  DeleteOutlined,
  DiffOutlined,
  StopOutlined,
} from '@ant-design/icons';
import { App, Button, Tooltip } from 'antd';
import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';

import { type Instance, useDeleteInstance, useStartInstance, useStopInstance } from '../../api/instances';
import { ApiError } from '../../api/error';
import { useRights } from '../../app/rights';
import { ConfirmButton } from '../../components/ConfirmButton';
import { Problem } from '../../components/Problem';
import { RunAgain } from './RunAgain';
import { useRunName } from './useRunName';
import { usePartnerName } from './WhatNow';

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
  const compare = () => void navigate(`/runs?${new URLSearchParams({ pick: run.id }).toString()}`);

  return (
    <>
      {STOPPABLE.includes(run.status) && <Stop run={run} missing={missing} />}
      {STARTABLE.includes(run.status) && <Start run={run} missing={missing} />}
      {run.status === 'succeeded' && <RunAgain run={run} missing={missing} />}
      <Tooltip title={createTasks ? undefined : t('needs.addTask')}>
        <Button icon={<BranchesOutlined />} disabled={!createTasks} onClick={() => setCloning(true)}>
          {t('clone.action')}
        </Button>
      </Tooltip>
      <Button icon={<DiffOutlined />} onClick={compare}>
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
      icon={<StopOutlined />}
      question={t('stop.question', { run: name(run) })}
      consequence={t('stop.consequence', { partner })}
      unavailable={missing}
      onConfirm={() => stop.mutateAsync(run.id)}
    >
      {t('stop.action')}
    </ConfirmButton>
  );
}

function Start({ run, missing }: Props) {
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
        type="primary"
        icon={<CaretRightOutlined />}
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
      icon={<DeleteOutlined />}
      question={t('delete.question', { run: name(run) })}
      consequence={t('delete.consequence', { partner })}
      unavailable={missing}
      onConfirm={confirm}
    >
      {t('common:action.delete')}
    </ConfirmButton>
  );
}
