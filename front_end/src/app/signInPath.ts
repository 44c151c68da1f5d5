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
  // Read as the browser reads it, which drops tabs and line breaks and takes a backslash for a slash.
  const here = 'http://console.invalid';
  const url = next.startsWith('/') && URL.canParse(next, here) ? new URL(next, here) : undefined;
  if (url?.origin !== here) return '/';
  const path = `${url.pathname}${url.search}${url.hash}`;
  return path.startsWith('//') || path.startsWith('/sign-in') || path.startsWith('/setup') ? '/' : path;
}
