import { useInfiniteQuery } from '@tanstack/react-query';
import { Card, Steps, type StepsProps } from 'antd';
import { useTranslation } from 'react-i18next';

import { instancesQuery } from '../../api/instances';
import { type Card as CardName, RUNS_SHOWN, showCard } from './cards';
import { type TaskView, useMissingFiles, useResources, useRoot, useValidation } from './useTaskPage';

/** The way to a run: what is done and what comes next. Each step leads to its card. */
export function Guide({ view }: { view: TaskView }) {
  const { t } = useTranslation('tasks');
  const steps = useSteps(view);
  const current = steps.findIndex(({ done }) => !done);
  return (
    <Card size="small" aria-label={t('guide.label')}>
      <Steps
        size="small"
        current={current === -1 ? steps.length : current}
        // The number or mark is no part of the step's name; the words below the title say how it is doing.
        iconRender={(icon) => <span aria-hidden>{icon}</span>}
        onChange={(index) => {
          const card = steps[index]?.card;
          if (card) showCard(card);
        }}
        items={steps.map(
          ({ title, content, done, wrong }, index): NonNullable<StepsProps['items']>[number] => ({
            title,
            content,
            status: wrong ? 'error' : done ? 'finish' : index === current ? 'process' : 'wait',
          }),
        )}
      />
    </Card>
  );
}

interface Step {
  title: string;
  content: string;
  done: boolean;
  wrong?: boolean;
  card: CardName;
}

function useSteps(view: TaskView): Step[] {
  const { t } = useTranslation('tasks');
  const { task, stage, partner } = view;
  const files = useResources(task).data?.length ?? 0;
  const missing = useMissingFiles(task)[0];
  const validation = useValidation(task).data;
  const runs = useInfiniteQuery(instancesQuery({ task: task.id }, RUNS_SHOWN));
  const ran = (runs.data?.pages[0]?.items.length ?? 0) > 0;
  const root = useRoot(view);
  const token = root?.token;
  const problems = validation?.problems.length ?? 0;
  return [
    {
      card: 'data',
      title: t('guide.data'),
      content: missing
        ? t('guide.missing', { name: missing })
        : files > 0
          ? t('guide.files', { count: files })
          : t('guide.noFiles'),
      done: missing === undefined && (files > 0 || stage === 'paired'),
      wrong: missing !== undefined && stage === 'paired',
    },
    {
      card: 'config',
      title: t('guide.config'),
      content:
        problems > 0 ? t('guide.problems', { count: problems }) : validation ? t('guide.configGood') : '…',
      done: validation?.valid === true,
      wrong: problems > 0 && stage === 'paired',
    },
    {
      card: 'pairing',
      title: t('guide.pair'),
      content: {
        none: token ? t('guide.ask', { partner }) : t('guide.noToken'),
        asked: t('guide.asked', { partner }),
        refused: t('guide.refused'),
        paired: t('guide.paired', { partner }),
      }[stage],
      done: stage === 'paired',
      wrong: stage === 'refused',
    },
    { card: 'runs', title: t('guide.run'), content: ran ? t('guide.ran') : t('guide.runHint'), done: ran },
  ];
}
