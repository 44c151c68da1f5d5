import { useTranslation } from 'react-i18next';

import type { System } from '../../api/system';
import { PageLink } from '../../app/PageLink';
import { CopyButton } from '../../components/CopyButton';
import { Duration } from '../../components/Duration';
import { Fingerprint } from '../../components/Fingerprint';
import { KeyValue } from '../../components/KeyValue';
import { OrganizationName } from './OrganizationName';

/** What this console is, and how partners see it. */
export function ThisConsole({ system }: { system: System }) {
  const { t } = useTranslation('system');
  return (
    <KeyValue
      items={[
        { label: t('console.organization'), value: <OrganizationName name={system.name} /> },
        {
          label: t('console.address'),
          value: (
            <>
              {system.base_url} <CopyButton text={system.base_url} what={t('console.address')} />
            </>
          ),
        },
        {
          label: t('console.fingerprint'),
          value: <Fingerprint value={system.fingerprint} label={t('console.fingerprint')} />,
        },
        {
          label: t('console.publicKey'),
          value: (
            <>
              <code className="mono">{system.public_key}</code>{' '}
              <CopyButton text={system.public_key} what={t('console.publicKey')} />
            </>
          ),
        },
        { label: t('console.version'), value: system.version },
        { label: t('console.uptime'), value: <Duration from={system.started_at} /> },
        {
          label: t('console.runs'),
          value: (
            <PageLink to="/runs?status=starting,running,stopping">
              {t('console.runningJobs', { count: system.running_jobs })}
            </PageLink>
          ),
        },
      ]}
    />
  );
}
