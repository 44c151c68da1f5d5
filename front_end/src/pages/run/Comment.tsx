import { EditOutlined } from '@ant-design/icons';
import { Button, Flex, Input, Space } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { type Instance, useCommentInstance } from '../../api/instances';
import { useRights } from '../../app/rights';
import { Icon } from '../../components/Icon';
import { Problem } from '../../components/Problem';

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

function Edit({ run, onDone }: { run: Instance; onDone: () => void }) {
  const { t } = useTranslation(['run', 'common']);
  const [text, setText] = useState(run.comment ?? '');
  const save = useCommentInstance();
  const submit = () => save.mutate({ instance: run, comment: text.trim() || null }, { onSuccess: onDone });
  return (
    <Flex vertical gap={8}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <Space.Compact className="run-comment-edit">
          <Input
            aria-label={t('common:field.comment')}
            value={text}
            maxLength={1000}
            // Who pressed the button wants to write now.
            ref={(input) => input?.focus()}
            onChange={(event) => setText(event.target.value)}
            onKeyDown={(event) => {
              if (event.key === 'Escape') onDone();
            }}
          />
          <Button type="primary" htmlType="submit" loading={save.isPending}>
            {t('common:action.save')}
          </Button>
          <Button onClick={onDone}>{t('common:action.cancel')}</Button>
        </Space.Compact>
      </form>
      <Problem error={save.error} onRetry={submit} />
    </Flex>
  );
}
