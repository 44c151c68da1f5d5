import { Button, Flex, Form, Input, Tooltip } from 'antd';
import { useId } from 'react';
import { useTranslation } from 'react-i18next';

import { type Task, useChangeTask } from '../../api/tasks';
import { ConflictNotice } from '../../components/ConflictNotice';
import { CopyButton } from '../../components/CopyButton';
import { besides, fieldProblem } from '../../components/fieldProblem';
import { Problem } from '../../components/Problem';
import { useDraft } from '../../components/useDraft';
import { suggestToken } from './names';

interface Props {
  task: Task;
  /** The label of the button that saves the token and goes on. */
  submit: string;
  /** How much weight that button has. */
  type: 'primary' | 'default';
  /** Why one cannot go on now; the token can be saved all the same. */
  unavailable: string | undefined;
  asking: boolean;
  /** Goes on with the stored token. */
  onReady: () => Promise<unknown>;
}

/** The word that both sides' operators agree on, and asking the partner to pair by it. */
export function TokenForm({ task, submit, type, unavailable, asking, onReady }: Props) {
  const { t } = useTranslation('tasks');
  const id = useId();
  const draft = useDraft(task, ({ token }) => token ?? '');
  const save = useChangeTask();
  const token = draft.value.trim();

  const store = async () => {
    if (draft.dirty) await save.mutateAsync({ task: draft.base, change: { token: token || null } });
  };
  const ask = async () => {
    await store();
    await onReady();
  };

  return (
    <Form layout="vertical" onFinish={() => void ask().catch(() => undefined)}>
      <ConflictNotice draft={draft} save={save} shownAs={(token) => ({ token })} />
      <Form.Item
        label={t('token.label')}
        htmlFor={id}
        extra={t('token.hint')}
        {...fieldProblem(save.error, '/token')}
      >
        <Flex gap={8} wrap>
          <Input
            id={id}
            className="token-input"
            value={draft.value}
            maxLength={256}
            placeholder={t('token.example')}
            onChange={(event) => draft.change(event.target.value)}
          />
          {token === '' ? (
            <Button onClick={() => draft.change(suggestToken(task.name))}>{t('token.suggest')}</Button>
          ) : (
            <CopyButton text={token} what={t('token.what')} labelled size="middle" />
          )}
        </Flex>
      </Form.Item>
      {!draft.newer && <Problem error={besides(save.error, ['/token'])} />}
      <Flex gap={8} wrap>
        <Tooltip title={unavailable ?? (token === '' ? t('token.missing') : undefined)}>
          <Button
            type={type}
            htmlType="submit"
            disabled={token === '' || unavailable !== undefined || draft.newer !== undefined}
            loading={asking || save.isPending}
          >
            {submit}
          </Button>
        </Tooltip>
        {draft.dirty && (
          <Button
            disabled={save.isPending || draft.newer !== undefined}
            onClick={() => void store().catch(() => undefined)}
          >
            {t('token.saveOnly')}
          </Button>
        )}
      </Flex>
    </Form>
  );
}
