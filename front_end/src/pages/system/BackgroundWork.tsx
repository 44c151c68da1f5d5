import { Alert, Badge } from 'antd';
import { useTranslation } from 'react-i18next';

import type { System } from '../../api/system';
import { durationText } from '../../components/time';
import { isOneOf } from '../../components/words';
import { type WorkState, workState } from './work';

const PARTS = [
  'outbox',
  'runs',
  'partners',
  'consents',
  'outputs',
  'changes',
  'sweep',
  'leftovers',
  'engines',
  'contacts',
  'limits',
  'profiles',
] as const;
const LOOKS = {
  good: 'success',
  failing: 'error',
  stuck: 'error',
  starting: 'default',
} as const satisfies Record<WorkState, string>;

/** The work that goes on without anybody asking: whether each part of it does. */
export function BackgroundWork({ system, asked }: { system: System; asked: number }) {
  const { t, i18n } = useTranslation('system');
  return (
    <ul className="system-work">
      {Object.entries(system.reconcilers).map(([name, part]) => {
        const state = workState(part);
        const ago = part.last_pass && durationText(asked - Date.parse(part.last_pass), i18n.language);
        return (
          <li key={name} data-work={state}>
            <span>
              <strong>{isOneOf(PARTS, name) ? t(`work.${name}.name`) : name}</strong>
              {isOneOf(PARTS, name) && <div className="muted">{t(`work.${name}.text`)}</div>}
            </span>
            <Badge
              status={LOOKS[state]}
              text={t(`work.state.${state}`)}
              title={ago ? t('work.lastPass', { ago }) : t('work.noPass')}
            />
            {part.last_error && state !== 'good' && (
              <Alert className="system-work-error" type="error" title={part.last_error} />
            )}
          </li>
        );
      })}
    </ul>
  );
}
