import type { Me } from '../../api/session';
import type { User } from '../../api/users';
import type { Blocker } from '../../components/blocker';

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

/**
 * What keeps somebody from changing an account: what the server says, and that nobody takes their own access away, which is
 * this page's care alone.
 */
export function obstaclesOf(me: Me, user: User): Obstacles {
  const change = obstacleOf(user.cannot_change);
  const own = user.id === me.id ? 'self' : undefined;
  return { change, access: change ?? obstacleOf(user.cannot_change_access) ?? own, password: change ?? own };
}

function obstacleOf(blocker: Blocker): Obstacle | undefined {
  if (!blocker) return undefined;
  return blocker.code === 'last_root' ? 'lastRoot' : 'onlyRoot';
}
