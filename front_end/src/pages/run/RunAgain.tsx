import { RedoOutlined } from '@ant-design/icons';
import { App, Button, Tooltip } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';

import { newKey } from '../../api/client';
import { type Instance, useRun } from '../../api/instances';
import { Icon } from '../../components/Icon';
import { Problem } from '../../components/Problem';

interface Props {
  run: Instance;
  /** Why it cannot be done, in words. */
  unavailable: string | undefined;
}

/** Another run of the same task version. One that succeeded keeps its result, so it is not started again itself. */
export function RunAgain({ run, unavailable }: Props) {
  const { t } = useTranslation('run');
  const { modal } = App.useApp();
  const navigate = useNavigate();
  const again = useRun();
  const [key] = useState(newKey);
  const begin = () =>
    again.mutate(
      { task: run.task_id, key },
      {
        onSuccess: ({ id }) => void navigate(`/runs/${id}`),
        onError: (error) =>
          void modal.error({ title: t('start.failed'), content: <Problem error={error} /> }),
      },
    );
  return (
    <Tooltip title={unavailable ?? t('again.hint')}>
      <Button
        type="primary"
        icon={<Icon of={RedoOutlined} />}
        disabled={unavailable !== undefined}
        loading={again.isPending}
        onClick={begin}
      >
        {t('again.action')}
      </Button>
    </Tooltip>
  );
}
