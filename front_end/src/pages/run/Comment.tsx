import { EditOutlined } from '@ant-design/icons';
import { Button, Flex, Input, type InputRef, Space } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { type Instance, useCommentInstance } from '../../api/instances';
import { useRights } from '../../app/rights';
import { ConflictNotice } from '../../components/ConflictNotice';
import { Icon } from '../../components/Icon';
import { Problem } from '../../components/Problem';
import { useDraft } from '../../components/useDraft';

/** The remark on a run, to read and to change. */
export function Comment({ run }: { run: Instance }) {
  const { t } = useTranslation(['run', 'common']);
  const { run: mayRun } = useRights();
  const [editing, setEditing] = useState(false);
  if (editing) return <Edit run={run} onDone={() => setEditing(false)} />;
  return (
    <Flex gap={4} align="center">
      <span className="run-comment">{run.comment ?? (mayRun ? t('comment.none') : '')}</span>
      {mayRun && (
        <Button
          type="text"
          size="small"
          icon={<Icon of={EditOutlined} />}
          aria-label={t('comment.edit')}
          onClick={() => setEditing(true)}
        />
      )}
    </Flex>
  );
}

/** Who pressed the button wants to write now. */
const focus = (input: InputRef | null) => input?.focus();

function Edit({ run, onDone }: { run: Instance; onDone: () => void }) {
  const { t } = useTranslation(['run', 'common']);
  const draft = useDraft(run, ({ comment }) => comment ?? '');
  const save = useCommentInstance();
  const submit = () =>
    save.mutate({ instance: draft.base, comment: draft.value.trim() || null }, { onSuccess: onDone });
  return (
    <Flex vertical gap={8}>
      <ConflictNotice draft={draft} save={save} shownAs={(comment) => ({ comment })} />
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (!draft.newer) submit();
        }}
      >
        <Space.Compact className="run-comment-edit">
          <Input
            aria-label={t('common:field.comment')}
            value={draft.value}
            maxLength={1000}
            ref={focus}
            onChange={(event) => draft.change(event.target.value)}
            onKeyDown={(event) => {
              if (event.key === 'Escape') onDone();
            }}
          />
          <Button
            type="primary"
            htmlType="submit"
            loading={save.isPending}
            disabled={draft.newer !== undefined}
          >
            {t('common:action.save')}
          </Button>
          <Button onClick={onDone}>{t('common:action.cancel')}</Button>
        </Space.Compact>
      </form>
      {!draft.newer && <Problem error={save.error} onRetry={submit} />}
    </Flex>
  );
}
