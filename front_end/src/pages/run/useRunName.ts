import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';

import type { Instance } from '../../api/instances';

/** What a run is called: its number and the name of its task. A run whose task is gone is called by its id. */
export function useRunName(): (run: Pick<Instance, 'id' | 'task_name' | 'number'>) => string {
  const { t } = useTranslation('run');
  return useCallback(
    ({ id, task_name, number }) => {
      if (!task_name) return t('nameless', { id: id.slice(0, 8) });
      return number ? t('numbered', { task: task_name, number }) : t('name', { task: task_name });
    },
    [t],
  );
}
