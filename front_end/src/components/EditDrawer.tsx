import { Button, Flex, Form } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

import type { ApiError } from '../api/error';
import { ConflictNotice } from './ConflictNotice';
import { besides } from './fieldProblem';
import { FormDrawer } from './FormDrawer';
import { Problem } from './Problem';
import type { Draft } from './useDraft';

interface Props<Row extends { id: string }, Value> {
  title: ReactNode;
  draft: Draft<Row, Value>;
  /** The change that is sent to the server. */
  save: { error: ApiError | null; isPending: boolean; reset: () => void };
  /** The fields that show by themselves what the server says of them. */
  pointers: readonly string[];
  /** Whether what is typed can be saved. */
  valid?: boolean;
  /** Saves; what it throws is shown from `save`. */
  onSave: () => Promise<unknown>;
  onClose: () => void;
  /** The fields. */
  children: ReactNode;
}

/** A row that exists, in a form: saved with one button, unless somebody else was faster. */
export function EditDrawer<Row extends { id: string }, Value>(props: Props<Row, Value>) {
  const { title, draft, save, pointers, valid = true, onSave, onClose, children } = props;
  const { t } = useTranslation();
  return (
    <FormDrawer
      title={title}
      onClose={onClose}
      dirty={draft.dirty}
      submit={
        <Button
          type="primary"
          disabled={!draft.dirty || !valid || draft.newer !== undefined}
          loading={save.isPending}
          onClick={() => void onSave().catch(() => undefined)}
        >
          {t('action.save')}
        </Button>
      }
    >
      <Flex vertical gap={16}>
        <ConflictNotice draft={draft} save={save} />
        <Form layout="vertical" requiredMark={false}>
          {children}
        </Form>
        {!draft.newer && <Problem error={besides(save.error, pointers)} />}
      </Flex>
    </FormDrawer>
  );
}
