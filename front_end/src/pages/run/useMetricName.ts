import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';

import { isOneOf } from '../../components/words';
import { splitName } from './metrics';

const METRICS = ['accuracy', 'auc', 'log_loss', 'loss', 'precision', 'recall', 'f1'] as const;
const PARTS = ['train', 'validation', 'test'] as const;

/** Metrics and the parts of the rows in words; those that only an engine knows are called what it calls them. */
export function useMetricName() {
  const { t } = useTranslation('run');
  const metric = useCallback((name: string) => (isOneOf(METRICS, name) ? t(`metric.${name}`) : name), [t]);
  const part = useCallback((name: string) => (isOneOf(PARTS, name) ? t(`part.${name}`) : name), [t]);
  /** Of a curve: "Accuracy, validation". */
  const full = useCallback(
    (name: string) => {
      const [head, tail] = splitName(name);
      return head ? t('metric.ofPart', { metric: metric(tail), part: part(head) }) : metric(tail);
    },
    [t, metric, part],
  );
  return { metric, part, full };
}
