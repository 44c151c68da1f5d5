import type { ApiError } from '../../api/error';

/** An upload, from the choice of a file until it is stored or dismissed. */
export interface UploadItem {
  key: string;
  file: File;
  /** The name that it gets on this console. */
  name: string;
  /** `exists` when there is a file of that name, and the operator has to say what becomes of it. */
  state: 'waiting' | 'sending' | 'exists' | 'failed' | 'done';
  /** From 0 to 1. */
  sent: number;
  replace: boolean;
  error?: ApiError;
  /** The name that it was stored under, when the console gave it another one. */
  storedAs?: string;
}

export type UploadEvent =
  | { type: 'add'; items: { key: string; file: File }[] }
  | { type: 'begin'; key: string }
  | { type: 'progress'; key: string; sent: number }
  | { type: 'stored'; key: string; name: string }
  | { type: 'refused'; key: string; error: ApiError }
  | { type: 'again'; key: string; name?: string; replace?: boolean }
  | { type: 'remove'; key: string }
  | { type: 'clear' };

/** The uploads after something happened to one of them. */
export function nextUploads(items: readonly UploadItem[], event: UploadEvent): readonly UploadItem[] {
  const change = (key: string, part: (item: UploadItem) => Partial<UploadItem>) =>
    items.map((item) => (item.key === key ? { ...item, ...part(item) } : item));
  switch (event.type) {
    case 'add':
      return [
        ...items,
        ...event.items.map(({ key, file }) => ({
          key,
          file,
          name: file.name,
          state: 'waiting' as const,
          sent: 0,
          replace: false,
        })),
      ];
    case 'begin':
      return change(event.key, () => ({ state: 'sending', sent: 0 }));
    case 'progress':
      return change(event.key, () => ({ sent: event.sent }));
    case 'stored':
      return change(event.key, ({ name }) => ({
        state: 'done',
        sent: 1,
        ...(event.name !== name && { storedAs: event.name }),
      }));
    case 'refused':
      return change(event.key, () => ({
        state: event.error.code === 'object_exists' ? 'exists' : 'failed',
        error: event.error,
      }));
    case 'again':
      return change(event.key, ({ name }) => ({
        state: 'waiting',
        name: event.name ?? name,
        replace: event.replace ?? false,
      }));
    case 'remove':
      return items.filter(({ key }) => key !== event.key);
    case 'clear':
      return items.filter(({ state }) => state !== 'done');
  }
}

/** So many are sent at a time; a browser has few connections, and the live feed needs one. */
export const AT_A_TIME = 2;

/** Those whose turn it is to be sent. */
export function dueUploads(items: readonly UploadItem[]): readonly UploadItem[] {
  const sending = items.filter(({ state }) => state === 'sending').length;
  return items.filter(({ state }) => state === 'waiting').slice(0, Math.max(0, AT_A_TIME - sending));
}

/** A name beside one that is taken: "table.csv" becomes "table-2.csv". A number in it may mean something, and stays. */
export function nextName(name: string): string {
  const [, stem = name, ending = ''] = /^(.+?)(\.[^.]+)?$/.exec(name) ?? [];
  return `${stem}-2${ending}`;
}
