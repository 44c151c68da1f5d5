import { Alert, App } from 'antd';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';

import { useLive } from '../events/live';

/** Says that changes do not arrive by themselves, while it is so, and that they do again. */
export function ConnectionBanner() {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const { mode, interrupted } = useLive();
  const wasInterrupted = useRef(false);

  useEffect(() => {
    if (wasInterrupted.current && mode === 'live') void message.success(t('live.healed'));
    wasInterrupted.current = interrupted;
  }, [mode, interrupted, message, t]);

  return (
    <div role="status" data-live={mode}>
      {interrupted && (
        <Alert
          banner
          type={mode === 'offline' ? 'error' : 'warning'}
          title={t(mode === 'offline' ? 'live.offline' : 'live.polling')}
        />
      )}
    </div>
  );
}
