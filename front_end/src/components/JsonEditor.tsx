import { lazy, Suspense } from 'react';

import { Loading } from './Loading';
import type { JsonEditorProps } from './json-editor/types';

const Editor = lazy(() => import('./json-editor/Editor'));

/** An editor for JSON text. It is loaded when it is first shown. */
export function JsonEditor(props: JsonEditorProps) {
  return (
    <Suspense fallback={<Loading rows={6} />}>
      <Editor {...props} />
    </Suspense>
  );
}
