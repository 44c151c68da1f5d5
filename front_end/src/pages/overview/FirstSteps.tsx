import { CheckCircleFilled } from '@ant-design/icons';
import { Card, Flex } from 'antd';
import { useTranslation } from 'react-i18next';

import type { Overview } from '../../api/overview';
import { useRights } from '../../app/rights';
import { Icon } from '../../components/Icon';
import { LinkButton } from '../../components/LinkButton';
import { type Step, stepsOf } from './steps';

import './overview.css';

/** What a new console has done and what comes next, each with its button. */
export function FirstSteps({ steps }: { steps: NonNullable<Overview['first_steps']> }) {
  const { t } = useTranslation('overview');
  return (
    <Card title={t('steps.title')}>
      <ol className="first-steps">
        {stepsOf(steps).map((step, index) => (
          <li
            key={step.name}
            className={step.state === 'later' ? 'muted' : undefined}
            aria-current={step.state === 'next' ? 'step' : undefined}
          >
            <Row step={step} number={index + 1} />
          </li>
        ))}
      </ol>
    </Card>
  );
}

function Row({ step: { name, state, to, needs }, number }: { step: Step; number: number }) {
  const { t } = useTranslation('overview');
  const rights = useRights();
  const may = needs === undefined || rights[needs];
  return (
    <Flex gap={12} align="start">
      <span className="first-step-mark">
        {state === 'done' ? <Icon of={CheckCircleFilled} aria-label={t('steps.done')} /> : number}
      </span>
      <Flex vertical gap={4} flex={1}>
        <strong>{t(`steps.${name}.title`)}</strong>
        {state === 'next' && <span className="muted">{t(`steps.${name}.text`)}</span>}
        {state === 'next' && !may && <span>{t('steps.forbidden')}</span>}
      </Flex>
      {state === 'next' && may && (
        <LinkButton type="primary" to={to}>
          {t(`steps.${name}.action`)}
        </LinkButton>
      )}
    </Flex>
  );
}
