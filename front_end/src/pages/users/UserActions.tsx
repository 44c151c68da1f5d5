import { App, Button, Flex, Tooltip } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { useMe } from '../../api/session';
import { type User, useChangeUser } from '../../api/users';
import { ConfirmButton } from '../../components/ConfirmButton';
import { EditUser } from './EditUser';
import { ResetPassword } from './ResetPassword';
import { type Obstacle, obstaclesOf } from './obstacles';

/** What can be done with an account; what cannot says why. */
export function UserActions({ user }: { user: User }) {
  const { t } = useTranslation(['users', 'common']);
  const me = useMe();
  const [editing, setEditing] = useState(false);
  const obstacles = obstaclesOf(me, user);
  const why = (obstacle: Obstacle | undefined) => obstacle && t(`obstacle.${obstacle}`);
  return (
    <Flex gap={8}>
      <Tooltip title={why(obstacles.change)}>
        <Button size="small" disabled={obstacles.change !== undefined} onClick={() => setEditing(true)}>
          {t('common:action.edit')}
        </Button>
      </Tooltip>
      <ResetPassword
        user={user}
        unavailable={obstacles.password === 'self' ? t('reset.self') : why(obstacles.password)}
      />
      <Access user={user} unavailable={why(obstacles.access)} />
      {editing && <EditUser user={user} obstacles={obstacles} onClose={() => setEditing(false)} />}
    </Flex>
  );
}

/** Disables or enables an account. */
function Access({ user, unavailable }: { user: User; unavailable: string | undefined }) {
  const { t } = useTranslation('users');
  const { message } = App.useApp();
  const save = useChangeUser();
  const { name, disabled_at } = user;
  const set = async (disabled: boolean) => {
    await save.mutateAsync({ user, change: { disabled } });
    void message.success(t(disabled ? 'disable.done' : 'enable.done', { name }));
  };
  return disabled_at ? (
    <ConfirmButton
      size="small"
      danger={false}
      question={t('enable.question', { name })}
      consequence={t('enable.consequence')}
      unavailable={unavailable}
      onConfirm={() => set(false)}
    >
      {t('enable.action')}
    </ConfirmButton>
  ) : (
    <ConfirmButton
      size="small"
      question={t('disable.question', { name })}
      consequence={t('disable.consequence', { name })}
      unavailable={unavailable}
      onConfirm={() => set(true)}
    >
      {t('disable.action')}
    </ConfirmButton>
  );
}
