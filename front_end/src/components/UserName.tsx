import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';

import { useMe } from '../api/session';
import { userQuery } from '../api/users';

/** Whom commands beside the console name as who did something; there is no account of this id. */
export const COMMAND_LINE = 'command-line';

/** The name of an operator of this console; the id of one that is not there any more. */
export function UserName({ id }: { id: string }) {
  const { t } = useTranslation('components');
  const me = useMe();
  const byCommand = id === COMMAND_LINE;
  const user = useQuery({ ...userQuery(id), enabled: id !== me.id && !byCommand });
  if (byCommand) return <span>{t('commandLine')}</span>;
  if (id === me.id) return <span>{me.name}</span>;
  return <span>{user.data?.name ?? (user.isError ? id : '…')}</span>;
}
