import type { Me } from '../../api/session';
import type { User } from '../../api/users';
import { mayManageUser } from '../../app/rights';

/** Why something about an account cannot be changed. */
export type Obstacle = 'onlyRoot' | 'lastRoot' | 'self';

/** What keeps one from changing an account, part by part; undefined for what can be changed. */
export interface Obstacles {
  /** Anything at all: remark, permissions. */
  change: Obstacle | undefined;
  /** The role, and whether the person can sign in. */
  access: Obstacle | undefined;
  /** The password, without knowing the old one. */
  password: Obstacle | undefined;
}

const isActiveRoot = ({ role, disabled_at }: Pick<User, 'role' | 'disabled_at'>) =>
  role === 'root' && !disabled_at;

/**
 * What keeps somebody from changing an account. The server refuses what `onlyRoot` and `lastRoot` stand for; that nobody
 * takes his own access away is this page's care.
 */
export function obstaclesOf(me: Me, user: User, all: readonly User[]): Obstacles {
  const change = mayManageUser(me, user.role) ? undefined : 'onlyRoot';
  const own = user.id === me.id ? 'self' : undefined;
  const last = isActiveRoot(user) && all.filter(isActiveRoot).length <= 1 ? 'lastRoot' : undefined;
  return { change, access: change ?? last ?? own, password: change ?? own };
}
