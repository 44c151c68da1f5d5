import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';

import type { Instance } from '../../api/instances';

/** What a run is called: the name of its task. A run whose task is gone is called by its id. */
export function useRunName(): (run: Pick<Instance, 'id' | 'task_name'>) => string {
  const { t } = useTranslation('run');
  return useCallback(
    ({ id, task_name }) =>
      task_name ? t('name', { task: task_name }) : t('nameless', { id: id.slice(0, 8) }),
    [t],
  );
}
