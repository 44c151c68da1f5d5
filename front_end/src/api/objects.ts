import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';

import { address } from '../base';
import { answer, api, type Schema } from './client';
import { ApiError } from './error';
import { keys } from './keys';
import { pages } from './paging';
import type { operations } from './schema';

/** A file of the operators. */
export type StoredObject = Schema<'StoredObject'>;
/** A file of a list, with how many task versions use it. */
export type ListedObject = Schema<'ListedObject'>;

export const objectsQuery = () =>
  pages(keys.objects.list(), (query, signal) =>
    answer(api.GET('/api/v1/objects', { params: { query }, signal })),
  );

/** A file and the task versions that use it. */
export const objectQuery = (name: string) =>
  queryOptions({
    queryKey: keys.objects.one(name),
    queryFn: ({ signal }) =>
      answer(api.GET('/api/v1/objects/{name}/info', { params: { path: { name } }, signal })),
  });

type TableQuery = NonNullable<operations['objects_preview']['parameters']['query']>;

/** The first rows of a table, as the settings say that it is to be read. */
export const tableQuery = (name: string, query: TableQuery) =>
  queryOptions({
    queryKey: keys.objects.part(name, 'table', query),
    queryFn: ({ signal }) =>
      answer(api.GET('/api/v1/objects/{name}/table', { params: { path: { name }, query }, signal })),
    retry: false,
  });

type ReadingQuery = NonNullable<operations['objects_profile']['parameters']['query']>;

/** What is in a table, column by column, read as the query says; it is asked again until it is there. */
export const profileQuery = (name: string, query: ReadingQuery) =>
  queryOptions({
    queryKey: keys.objects.part(name, 'profile', query),
    queryFn: ({ signal }) =>
      answer(api.GET('/api/v1/objects/{name}/profile', { params: { path: { name }, query }, signal })),
    refetchInterval: ({ state }) => (state.data?.state === 'waiting' ? 2_000 : false),
    retry: false,
  });

/** Whether a file stays when it is uploaded again: the upload becomes a new version of what a paired task uses. */
export function keepsContent({ object, used_by }: Schema<'ObjectInfo'>): boolean {
  return object.deletion != null || used_by.some((use) => use.is_paired);
}

/** Where a browser downloads a file from. */
export function downloadAddress(name: string): string {
  return address(`/api/v1/objects/${encodeURIComponent(name)}`);
}

/** An upload, as it goes on. */
export interface Upload {
  name: string;
  file: Blob;
  /** Whether a file of that name may be replaced. */
  replace?: boolean;
  onProgress?: (sent: number, total: number) => void;
  signal?: AbortSignal;
}

/** Uploads a file. `fetch` does not tell how far an upload is, hence the older way. */
export function upload({ name, file, replace = false, onProgress, signal }: Upload): Promise<StoredObject> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open('PUT', `${downloadAddress(name)}?replace=${String(replace)}`);
    request.setRequestHeader('Content-Type', 'application/octet-stream');
    request.responseType = 'text';
    request.upload.onprogress = (event) => onProgress?.(event.loaded, event.total);
    request.onload = () => {
      if (request.status === 201) {
        resolve(JSON.parse(request.responseText) as StoredObject);
      } else {
        void ApiError.of(new Response(request.responseText, { status: request.status })).then(reject, reject);
      }
    };
    request.onerror = () => reject(new ApiError({ code: 'network', status: 0, detail: 'No answer came.' }));
    request.onabort = () =>
      reject(new ApiError({ code: 'aborted', status: 0, detail: 'The upload was stopped.' }));
    signal?.addEventListener('abort', () => request.abort(), { once: true });
    request.send(file);
  });
}

export function useUpload() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: upload,
    onSuccess: () => client.invalidateQueries({ queryKey: keys.objects.all }),
  });
}

export function useDeleteObject() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (name: string) =>
      answer(api.DELETE('/api/v1/objects/{name}', { params: { path: { name } } })),
    onSuccess: (_, name) => {
      void client.invalidateQueries({ queryKey: keys.objects.one(name) });
      return client.invalidateQueries({ queryKey: keys.objects.lists });
    },
  });
}
