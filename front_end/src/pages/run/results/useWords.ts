import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';

import { isOneOf } from '../../../components/words';

/** What the local engine reports; other engines' words are shown as they are. */
const FIGURES = [
  'accuracy',
  'auc',
  'log_loss',
  'rows',
  'part',
  'intersection',
  'own_rows',
  'own_ids',
  'peer_rows',
  'duplicates',
  'empty',
  'epochs',
  'batch_size',
  'bias',
  'learning_rate',
  'l2',
  'seed',
  'noise_sigma',
  'train_rows',
  'left_out_rows',
  'imputed_values',
  'offset',
  'model',
  'validation_rows',
  'validation_fraction',
  'name',
  'mean',
  'missing',
  'constant',
  'standard_deviation',
  'standardised_weight',
  'weight',
  'false_positive_rate',
  'true_positive_rate',
  'ignored_columns',
  'encoded_columns',
  'label',
  'column',
  'reason',
  'values',
] as const;

/** The names of figures and columns in words. */
export function useWords(): (name: string) => string {
  const { t } = useTranslation('run');
  return useCallback(
    (name) => (isOneOf(FIGURES, name) ? t(`figure.${name}`) : name.replaceAll('_', ' ')),
    [t],
  );
}
