import { useQuery } from '@tanstack/react-query';
import { Alert } from 'antd';
import { useTranslation } from 'react-i18next';

import { type Instance, warningsQuery } from '../../api/instances';
import { inLanguage } from '../../components/inLanguage';

/** What the engine warns of: the run may have succeeded, and its result may still not be what was meant. */
export function Warnings({ run }: { run: Instance }) {
  const { t, i18n } = useTranslation('run');
  const warnings = useQuery({ ...warningsQuery(run.id, run.attempt), enabled: run.warnings > 0 }).data;
  if (!warnings || warnings.length === 0) return null;
  return (
    <Alert
      type="warning"
      showIcon
      title={t('warnings.title', { count: warnings.length })}
      description={
        <ul className="run-warnings">
          {warnings.map(({ code, en, zh }) => (
            <li key={`${code} ${en}`}>{inLanguage(i18n.language, en, zh)}</li>
          ))}
        </ul>
      }
    />
  );
}
