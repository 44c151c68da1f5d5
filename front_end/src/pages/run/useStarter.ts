import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';

import type { Instance } from '../../api/instances';

/** Whom commands beside the console name as who asked. */
const COMMAND_LINE = 'command-line';

/** Who asked for a run: a person here, or the partner. */
export function useStarter(): (run: Pick<Instance, 'initiator' | 'started_by' | 'partner'>) => string {
  const { t } = useTranslation('run');
  return useCallback(
    ({ initiator, started_by, partner }) => {
      if (!initiator) return partner.name ?? t('sides.askedThere');
      if (started_by?.id === COMMAND_LINE) return t('sides.askedByCommand');
      return started_by?.name ?? t('sides.askedHere');
    },
    [t],
  );
}
