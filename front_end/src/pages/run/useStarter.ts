import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';

import type { Instance } from '../../api/instances';
import { COMMAND_LINE } from '../../components/UserName';

/** Who asked for a run: a person here, or the partner. */
export function useStarter(): (run: Pick<Instance, 'initiator' | 'started_by' | 'partner'>) => string {
  const { t } = useTranslation(['run', 'components']);
  return useCallback(
    ({ initiator, started_by, partner }) => {
      if (!initiator) return partner.name ?? t('sides.askedThere');
      if (started_by?.id === COMMAND_LINE) return t('components:commandLine');
      return started_by?.name ?? t('sides.askedHere');
    },
    [t],
  );
}
