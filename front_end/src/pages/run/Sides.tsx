import { useQuery } from '@tanstack/react-query';
import { Flex } from 'antd';
import { useTranslation } from 'react-i18next';

import { type Instance } from '../../api/instances';
import { partnerQuery } from '../../api/partners';
import { Duration } from '../../components/Duration';
import { inLanguage } from '../../components/inLanguage';
import { KeyValue } from '../../components/KeyValue';
import { LinkStatus } from '../../components/LinkStatus';
import { RunProgress } from '../../components/RunProgress';
import { StatusTag } from '../../components/StatusTag';
import { Time } from '../../components/Time';
import { BAD_STATES, isActive, isOneOf } from '../../components/words';
import { TimeLine } from './TimeLine';
import { useStarter } from './useStarter';
import { usePartnerName } from './WhatNow';

interface Props {
  run: Instance;
  attempt: number;
}

/** Our half and the partner's: their state, how far ours is, and what happened on both, on one time line. */
export function Sides({ run, attempt }: Props) {
  const { t } = useTranslation('run');
  const present = attempt === run.attempt;
  const active = isActive(run.status);
  return (
    <Flex vertical gap={16}>
      {present && (active || run.progress != null) && <RunProgress run={run} />}
      {present && (
        <div className="run-sides">
          <Ours run={run} />
          <Theirs run={run} />
        </div>
      )}
      {run.status === 'succeeded' ? (
        <details className="run-history-fold">
          <summary>{t('history.title')}</summary>
          <TimeLine run={run} attempt={attempt} />
        </details>
      ) : (
        <TimeLine run={run} attempt={attempt} />
      )}
    </Flex>
  );
}

function Ours({ run }: { run: Instance }) {
  const { t } = useTranslation('run');
  const starter = useStarter();
  return (
    <section aria-label={t('sides.ours')}>
      <Flex gap={8} align="center" className="run-side-head">
        <h3>{t('sides.ours')}</h3>
        <StatusTag status={run.status} warnings={run.warnings} />
      </Flex>
      <KeyValue
        items={[
          { label: t('sides.began'), value: run.started_at && <Time at={run.started_at} /> },
          { label: t('sides.ended'), value: run.ended_at && <Time at={run.ended_at} /> },
          {
            label: t('sides.duration'),
            value: run.started_at && <Duration from={run.started_at} to={run.ended_at} />,
          },
          { label: t('sides.askedBy'), value: starter(run) },
        ]}
      />
    </section>
  );
}

function Theirs({ run }: { run: Instance }) {
  const { t, i18n } = useTranslation('run');
  const name = usePartnerName(run);
  const { data: partner } = useQuery({
    ...partnerQuery(run.partner.id ?? ''),
    enabled: Boolean(run.partner.id),
  });
  const { status, seen_at, gone_at } = run.partner;
  const detail = inLanguage(i18n.language, run.partner.detail, run.partner.detail_zh);
  return (
    <section aria-label={name}>
      <Flex gap={8} align="center" className="run-side-head">
        <h3>{name}</h3>
        {status ? <StatusTag status={status} /> : <span className="muted">{t('sides.notHeard')}</span>}
      </Flex>
      <KeyValue
        items={[
          { label: t('sides.heard'), value: seen_at && <Time at={seen_at} /> },
          // How their half ended well or on request is known by its state; their own words would be about us.
          { label: t('sides.said'), value: isOneOf(BAD_STATES, status ?? '') && detail },
          { label: t('sides.deleted'), value: gone_at && <Time at={gone_at} /> },
          { label: t('sides.connection'), value: partner && <LinkStatus partner={partner} /> },
        ]}
      />
    </section>
  );
}
