import { DeleteOutlined } from '@ant-design/icons';
import { useQuery } from '@tanstack/react-query';
import { Flex, Tag } from 'antd';
import { useTranslation } from 'react-i18next';

import { historyQuery, type HistoryEntry, type Instance } from '../../api/instances';
import { Icon } from '../../components/Icon';
import { Loaded } from '../../components/Loaded';
import { StatusTag } from '../../components/StatusTag';
import { durationText, exactTime } from '../../components/time';
import { isOneOf } from '../../components/words';
import { useReasonText } from './useReasonText';
import { usePartnerName } from './WhatNow';

interface Props {
  run: Instance;
  attempt: number;
}

/** Who moved the run from which state to which, and why: ours on the left, the partner's on the right, time in between. */
export function TimeLine({ run, attempt }: Props) {
  const { t } = useTranslation('run');
  const partner = usePartnerName(run);
  const history = useQuery(historyQuery(run.id));
  return (
    <Loaded query={history} rows={5}>
      {(entries) => (
        <div className="run-history">
          <div className="run-history-heads" aria-hidden="true">
            <span>{t('sides.ours')}</span>
            <span>{t('history.time')}</span>
            <span>{partner}</span>
          </div>
          <ol aria-label={t('history.title')}>
            {ofAttempt(entries, attempt).map((entry, _, all) => (
              <Entry
                key={`${entry.at} ${entry.side} ${entry.to}`}
                entry={entry}
                first={all[0]}
                partner={partner}
              />
            ))}
          </ol>
        </div>
      )}
    </Loaded>
  );
}

function ofAttempt(entries: readonly HistoryEntry[], attempt: number): HistoryEntry[] {
  return entries
    .filter((entry) => entry.attempt === attempt)
    .sort((one, other) => Date.parse(one.at) - Date.parse(other.at));
}

interface EntryProps {
  entry: HistoryEntry;
  first: HistoryEntry | undefined;
  partner: string;
}

function Entry({ entry, first, partner }: EntryProps) {
  const { t, i18n } = useTranslation('run');
  const why = useReasonText()({
    code: entry.reason_code,
    detail: entry.reason_detail,
    detailZh: entry.reason_detail_zh,
    text: entry.reason,
  });
  const theirs = entry.side === 'partner';
  const after = first && first !== entry ? Date.parse(entry.at) - Date.parse(first.at) : 0;
  return (
    <li className={theirs ? 'run-history-theirs' : 'run-history-ours'}>
      <div className="run-history-what">
        <span className="visually-hidden run-history-side">{theirs ? partner : t('sides.ours')}</span>
        <Flex gap={8} wrap>
          {entry.to === 'deleted' ? (
            <Tag icon={<Icon of={DeleteOutlined} />}>{t('sides.deleted')}</Tag>
          ) : (
            <StatusTag status={entry.to} />
          )}
          <Who entry={entry} partner={partner} />
        </Flex>
        {why && <div className="run-history-why">{why}</div>}
      </div>
      <time className="numbers muted" dateTime={entry.at} title={exactTime(entry.at, i18n.language)}>
        {clockTime(entry.at, i18n.language)}
        {after >= 1000 && <small>+{durationText(after, i18n.language)}</small>}
      </time>
    </li>
  );
}

const ACTORS = ['operator', 'engine', 'console'] as const;

function Who({ entry: { actor_kind, actor_name }, partner }: { entry: HistoryEntry; partner: string }) {
  const { t } = useTranslation('run');
  const kind = isOneOf(ACTORS, actor_kind) ? t(`history.${actor_kind}`) : actor_kind;
  return <span className="muted">{actor_name ?? (actor_kind === 'partner' ? partner : kind)}</span>;
}

function clockTime(at: string, language: string): string {
  const today = new Date().toDateString() === new Date(at).toDateString();
  return new Intl.DateTimeFormat(language, {
    timeStyle: 'medium',
    ...(!today && { dateStyle: 'short' }),
  }).format(new Date(at));
}
