/** Where this console lives. The server writes its base path into the page's `<base>`, for example `/host/`. */
const base = new URL('.', document.baseURI);

/** The path below which the pages are, without a slash at its end: `''` or `/host`. */
export const basename = base.pathname.replace(/\/$/, '');

/** An address of this console, for example `address('/api/v1/events')`. */
export function address(path: string): string {
  return `${base.origin}${basename}${path}`;
}
