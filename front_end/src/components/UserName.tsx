import { useQuery } from '@tanstack/react-query';

import { useMe } from '../api/session';
import { userQuery } from '../api/users';

/** The name of an operator of this console; the id of one that is not there any more. */
export function UserName({ id }: { id: string }) {
  const me = useMe();
  const user = useQuery({ ...userQuery(id), enabled: id !== me.id });
  if (id === me.id) return <span>{me.name}</span>;
  return <span>{user.data?.name ?? (user.isError ? id : '…')}</span>;
}
