import { lazy, Suspense } from 'react';

import { Loading } from './Loading';
import type { SchemaFormProps } from './schema-form/types';

const Form = lazy(() => import('./schema-form/Form'));

/** A form that a JSON Schema describes. It is loaded when it is first shown. */
export function SchemaForm(props: SchemaFormProps) {
  return (
    <Suspense fallback={<Loading rows={8} />}>
      <Form {...props} />
    </Suspense>
  );
}
