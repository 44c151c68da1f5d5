import { Alert, Button, Card, Flex, Tag } from 'antd';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';

import { useAskPairing } from '../../api/pairings';
import type { Task } from '../../api/tasks';
import { isPossible } from '../../components/blocker';
import { CopyButton } from '../../components/CopyButton';
import { useHasUnsaved } from '../../components/LeaveGuard';
import { Loading } from '../../components/Loading';
import { Problem } from '../../components/Problem';
import { problemLine } from '../../components/problemText';
import { versionText } from '../../components/versionText';
import { CARDS } from './cards';
import { Delivery } from './Delivery';
import { SharedSettings } from './SharedSettings';
import { refusalOf, stageOf } from './state';
import { TokenForm } from './TokenForm';
import { type TaskView, useMissingFiles, useRoot, useValidation } from './useTaskPage';

/** Token and pairing as one step: what to agree on, what will happen, what happens now, and why it did not work. */
export function PairingCard({ view }: { view: TaskView }) {
  const { t } = useTranslation('tasks');
  const root = useRoot(view);
  return (
    <Card
      id={CARDS.pairing}
      tabIndex={-1}
      className="task-card"
      title={t('pair.title', { partner: view.partner })}
    >
      {root ? <Step view={view} root={root} /> : <Loading rows={3} />}
    </Card>
  );
}

function Step({ view, root }: { view: TaskView; root: Task }) {
  const { t } = useTranslation('tasks');
  const { stage, partner } = view;
  if (stage === 'paired') {
    return (
      <Flex vertical gap={12}>
        <Alert
          type="success"
          showIcon
          role="status"
          title={t('pair.done', { partner })}
          description={t('pair.doneText')}
        />
        <Token value={root.token} />
        <SharedSettings view={view} />
      </Flex>
    );
  }
  if (stage === 'asked') {
    return (
      <Flex vertical gap={12}>
        <Delivery view={view} subject={root.id} />
        <Token value={root.token} />
      </Flex>
    );
  }
  return (
    <Flex vertical gap={16}>
      {stage === 'refused' && <Refused view={view} />}
      <Ask view={view} root={root} />
    </Flex>
  );
}

/** What to do before one asks, and asking. */
function Ask({ view, root }: { view: TaskView; root: Task }) {
  const { t } = useTranslation('tasks');
  const ask = useAskPairing();
  const block = useAskBlock(view);
  // Other things come first then.
  const type = useFaults(view).faults > 0 ? 'default' : 'primary';
  const { task, lock, partner, stage } = view;
  const rootFirst = !task.root && stageOf(root.pairing) !== 'paired';
  if (lock === 'archived') return <p>{t('runBlock.archived')}</p>;
  if (rootFirst) {
    return (
      <p>
        {t('pair.rootFirst')}{' '}
        <Link to={`/tasks/${root.id}`}>{t('pair.toRoot', { version: versionText(root) })}</Link>
      </p>
    );
  }
  if (lock === 'forbidden') return <p>{t('pair.forbidden')}</p>;
  // A task's token is fixed with its first pairing; until then it can be corrected.
  const editable = task.root;
  return (
    <Flex vertical gap={16}>
      <How partner={partner} first={task.root} />
      <Faults view={view} />
      {block && <Alert type="info" showIcon title={block} />}
      {editable ? (
        <TokenForm
          task={task}
          submit={t(stage === 'refused' ? 'pair.askAgain' : 'pair.ask', { partner })}
          type={type}
          unavailable={block}
          asking={ask.isPending}
          onReady={() => ask.mutateAsync(task.id)}
        />
      ) : (
        <Flex vertical gap={12}>
          <Token value={root.token} />
          <div>
            <Button
              type={type}
              loading={ask.isPending}
              disabled={block !== undefined}
              onClick={() => ask.mutate(task.id)}
            >
              {t(stage === 'refused' ? 'pair.askAgain' : 'pair.ask', { partner })}
            </Button>
          </div>
        </Flex>
      )}
      <Problem error={ask.error} />
    </Flex>
  );
}

/** Why one cannot ask now; undefined when one can. */
function useAskBlock({ task: { cannot_pair }, partner }: TaskView): string | undefined {
  const { t } = useTranslation('tasks');
  const unsaved = useHasUnsaved();
  if (cannot_pair?.code === 'project_not_ready') return t('pair.projectDraft', { partner });
  // The token is given in the same step.
  if (cannot_pair && !isPossible(cannot_pair) && cannot_pair.code !== 'token_missing') {
    return problemLine(cannot_pair);
  }
  return unsaved ? t('pair.unsaved') : undefined;
}

/** Pairing fixes the settings, faults and all. */
function Faults({ view }: { view: TaskView }) {
  const { t } = useTranslation('tasks');
  const { missing, faults } = useFaults(view);
  if (faults === 0) return null;
  return (
    <Alert
      type="warning"
      showIcon
      title={t('pair.faults', { count: faults })}
      description={missing[0] && t('guide.missing', { name: missing[0] })}
    />
  );
}

/** What is wrong with our side, which should be mended before one asks. */
function useFaults({ task }: TaskView): { missing: string[]; faults: number } {
  const missing = useMissingFiles(task);
  return { missing, faults: (useValidation(task).data?.problems.length ?? 0) + missing.length };
}

function How({ partner, first }: { partner: string; first: boolean }) {
  const { t } = useTranslation('tasks');
  if (!first) return <p className="muted">{t('pair.howVersion', { partner })}</p>;
  return (
    <ol className="pairing-how">
      <li>{t('pair.how1', { partner })}</li>
      <li>{t('pair.how2', { partner })}</li>
      <li>{t('pair.how3', { partner })}</li>
    </ol>
  );
}

function Refused({ view }: { view: TaskView }) {
  const { t } = useTranslation('tasks');
  const { partner, task } = view;
  const refusal = refusalOf(task.pairing?.error_code);
  return (
    <Flex vertical gap={12}>
      <Alert
        type="error"
        showIcon
        role="alert"
        title={t('pair.refused', { partner })}
        description={
          <Flex vertical gap={4}>
            {refusal === 'other' && <q>{task.pairing?.error}</q>}
            <span>{t(`pair.refusal.${refusal}`, { partner })}</span>
          </Flex>
        }
      />
      {refusal === 'settings' && <SharedSettings view={view} />}
    </Flex>
  );
}

function Token({ value }: { value: string | null | undefined }) {
  const { t } = useTranslation('tasks');
  if (!value) return null;
  return (
    <Flex gap={8} align="center" wrap>
      <span className="muted">{t('token.label')}</span>
      <Tag className="pairing-token">
        <code>{value}</code>
      </Tag>
      <CopyButton text={value} what={t('token.what')} />
    </Flex>
  );
}
