import type { Location } from 'react-router';

/** The address of sign-in for somebody who wanted to see another page. */
export function signInPath({
  pathname,
  search,
  hash,
}: Pick<Location, 'pathname' | 'search' | 'hash'>): string {
  const wanted = `${pathname}${search}${hash}`;
  return wanted === '/' ? '/sign-in' : `/sign-in?${new URLSearchParams({ next: wanted }).toString()}`;
}

/** Where to go after sign-in. Only addresses within this console: a link must not send an operator elsewhere. */
export function nextPath(search: URLSearchParams): string {
  const next = search.get('next') ?? '/';
  const outside = !next.startsWith('/') || /^\/[/\\]/.test(next);
  return outside || next.startsWith('/sign-in') || next.startsWith('/setup') ? '/' : next;
}
