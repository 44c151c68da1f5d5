import type { ReactNode } from 'react';
import { Link, matchPath } from 'react-router';

import { BUILT_PAGES } from './routes';

/** A link to a page of this console; plain text where this build does not have the page. */
export function PageLink({ to, children }: { to: string; children: ReactNode }) {
  const pathname = to.split(/[?#]/)[0] ?? to;
  const exists = BUILT_PAGES.some(({ path }) => matchPath(path, pathname));
  return exists ? <Link to={to}>{children}</Link> : <span>{children}</span>;
}
