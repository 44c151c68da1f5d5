import { useQuery } from '@tanstack/react-query';
import { Card } from 'antd';
import { useTranslation } from 'react-i18next';

import { refusedCallsQuery } from '../../api/system';
import { useRights } from '../../app/rights';
import { inLanguage } from '../../components/inLanguage';
import { Time } from '../../components/Time';

/** What a partner asked for and was refused here; without a partner, what unknown consoles did. Not there when it is nothing. */
export function RefusedCalls({ partner }: { partner?: string }) {
  const { t, i18n } = useTranslation('partners');
  const { system } = useRights();
  const calls = useQuery({ ...refusedCallsQuery, enabled: system }).data ?? [];
  const shown = calls.filter(({ partner_id }) => (partner ? partner_id === partner : !partner_id));
  if (shown.length === 0) return null;
  return (
    <Card title={t(partner ? 'refused.title' : 'refused.unknown')}>
      <p className="muted">{t(partner ? 'refused.text' : 'refused.unknownText')}</p>
      <ul className="plain-list refused-calls">
        {shown.slice(0, 10).map((call) => (
          <li key={`${call.caller ?? ''} ${call.call} ${call.reason}`}>
            {!partner && <strong>{call.caller ?? t('refused.noName')} </strong>}
            <span>{inLanguage(i18n.language, call.reason, call.reason_zh)}</span>{' '}
            <span className="muted">
              <code>{call.call}</code>
              {!partner && call.address && ` · ${t('refused.from', { address: call.address })}`} ·{' '}
              {t('refused.count', { count: call.count })} · <Time at={call.at} />
            </span>
          </li>
        ))}
      </ul>
    </Card>
  );
}
