import {
  CheckCircleFilled,
  ClockCircleOutlined,
  CloseCircleFilled,
  ExclamationCircleFilled,
  MinusCircleOutlined,
} from '@ant-design/icons';
import { Alert, Flex, Steps } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

import type { Schema } from '../../api/client';
import { Icon } from '../../components/Icon';
import { Time } from '../../components/Time';
import { type Hop, type HopState, hopsOf } from './hops';

type Check = Schema<'ConnectionCheck'>;

/** What a check of the connection found: where it ends, step by step, and what to do there. */
export function CheckResult({ check }: { check: Check }) {
  const { t } = useTranslation('partners');
  const steps = hopsOf(check);
  const fault = steps.find(({ state }) => state === 'failed');
  return (
    <Flex vertical gap={16} data-verdict={check.verdict}>
      <Verdict check={check} fault={fault} />
      <Steps
        orientation="vertical"
        size="small"
        // None of them is the one that one is at.
        current={steps.length}
        items={steps.map((step) => ({
          title: t(`hop.${step.hop}`),
          subTitle: t(`hopState.${step.state}`),
          status: STATUS[step.state],
          icon: ICONS[step.state],
          content: <Found step={step} />,
        }))}
      />
    </Flex>
  );
}

const STATUS = {
  passed: 'finish',
  warned: 'finish',
  failed: 'error',
  skipped: 'wait',
  untried: 'wait',
  notYet: 'wait',
} as const satisfies Record<HopState, string>;

const ICONS: Record<HopState, ReactNode> = {
  passed: <Icon of={CheckCircleFilled} className="hop-passed" />,
  warned: <Icon of={ExclamationCircleFilled} className="hop-warned" />,
  failed: <Icon of={CloseCircleFilled} className="hop-failed" />,
  skipped: <Icon of={MinusCircleOutlined} className="muted" />,
  untried: <Icon of={MinusCircleOutlined} className="muted" />,
  notYet: <Icon of={ClockCircleOutlined} className="hop-warned" />,
};

function Verdict({ check, fault }: { check: Check; fault: Hop | undefined }) {
  const { t } = useTranslation('partners');
  const partner = check.partner.name;
  const when = (
    <>
      {t('check.at')} <Time at={check.at} />
    </>
  );
  if (check.verdict === 'good') {
    return (
      <Alert type="success" showIcon role="status" title={t('check.good', { partner })} description={when} />
    );
  }
  if (check.verdict === 'not_accepted_yet') {
    return (
      <Alert
        type="info"
        showIcon
        role="status"
        title={t('check.notAccepted', { partner })}
        description={t('check.notAcceptedText')}
      />
    );
  }
  const title = fault
    ? t('check.faultAt', { hop: t(`hop.${fault.hop}`), partner })
    : t('check.faulty', { partner });
  return <Alert type="error" showIcon role="alert" title={title} description={when} />;
}

/** Steps whose findings say more than that they are good. */
const TELLING: readonly Hop['hop'][] = ['name', 'tcp', 'console'];

/** What was found at a step, in the server's words, and what to do about it. */
function Found({ step }: { step: Hop }) {
  const { t } = useTranslation('partners');
  const { hop, state, detail } = step;
  const bad = state === 'failed' || state === 'warned';
  return (
    <>
      {detail && (bad || TELLING.includes(hop)) && <div className="hop-detail">{detail}</div>}
      {bad && (
        <div className="hop-advice">
          <strong>{t('check.whatToDo')}</strong> {t(`advice.${hop}`)}
        </div>
      )}
    </>
  );
}
