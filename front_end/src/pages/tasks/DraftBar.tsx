import type { UseMutationResult } from '@tanstack/react-query';
import { Button, Flex } from 'antd';
import { useTranslation } from 'react-i18next';

import type { ApiError } from '../../api/error';
import { ConflictNotice } from '../../components/ConflictNotice';
import { Problem } from '../../components/Problem';
import type { Draft } from '../../components/useDraft';

interface Props<Row extends { id: string }, Value> {
  draft: Draft<Row, Value>;
  /** Whether what is edited can be sent at all. */
  valid: boolean;
  save: Pick<UseMutationResult<unknown, ApiError, never>, 'error' | 'isPending' | 'isSuccess' | 'reset'>;
  onSave: () => Promise<unknown>;
  /** Whether there are own changes to give up; a draft may differ by what was filled in by itself. */
  discardable?: boolean;
  /** Closes the part without saving; without it there is only something to discard. */
  onCancel?: () => void;
  /** What is said after it was saved. */
  saved: string;
}

/** Save or discard an edited part of a task; a lost race is shown with what the other person stored. */
export function DraftBar<Row extends { id: string }, Value>(props: Props<Row, Value>) {
  const { draft, valid, save, onSave, onCancel, saved, discardable = draft.dirty } = props;
  const { t } = useTranslation(['tasks', 'common']);
  const { dirty, newer } = draft;

  return (
    <Flex vertical gap={12}>
      {newer ? <ConflictNotice draft={draft} save={save} /> : <Problem error={save.error} />}
      {/* A lost race has its own two ways on. */}
      {!newer && (
        <Flex gap={8} align="center" wrap>
          <Button
            type="primary"
            disabled={!dirty || !valid}
            loading={save.isPending}
            onClick={() => void onSave().catch(() => undefined)}
          >
            {t('common:action.save')}
          </Button>
          {onCancel && <Button onClick={onCancel}>{t('common:action.cancel')}</Button>}
          {discardable && !onCancel && <Button onClick={draft.discard}>{t('discard')}</Button>}
          <span role="status" className="muted">
            {dirty ? t('unsaved') : save.isSuccess ? saved : ''}
          </span>
        </Flex>
      )}
    </Flex>
  );
}
