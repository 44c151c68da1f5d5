import { useQuery } from '@tanstack/react-query';
import { App, Alert, Button, Checkbox, Flex, Input, Modal, Tooltip } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';

import { enginesQuery } from '../../api/engines';
import { type ConsentRequest, consentQuery, type Instance, useConsent } from '../../api/instances';
import { useRights } from '../../app/rights';
import { blockerText, isForbidden } from '../../components/blocker';
import { JsonView } from '../../components/JsonView';
import { KeyValue } from '../../components/KeyValue';
import { Loaded } from '../../components/Loaded';
import { Problem } from '../../components/Problem';
import { ConfigFacts } from '../../components/task-config/ConfigFacts';
import { engineOf } from '../../components/task-config/engine';
import { asObject } from '../../components/task-config/jsonObject';
import { bytesText } from '../../components/time';
import { Time } from '../../components/Time';
import { objectNameOf } from '../tasks/useColumns';
import { usePartnerName } from './WhatNow';
import { taskVersionText } from '../../components/versionText';

/** The most characters of a refusal's reason that the server takes. */
const REASON_LENGTH = 512;

/** What the partner asks to be run here, exactly, and what our operator answers. */
export function ConsentCard({ run }: { run: Instance }) {
  const { t } = useTranslation('run');
  const partner = usePartnerName(run);
  const query = useQuery(consentQuery(run));
  return (
    <Alert
      type="warning"
      showIcon
      title={t('consent.title', { partner })}
      description={
        <Loaded query={query} rows={4}>
          {(asked) => (
            <Flex vertical gap={12}>
              <span>{t('consent.what')}</span>
              <Content asked={asked} />
              <Answer run={run} asked={asked} />
            </Flex>
          )}
        </Loaded>
      }
    />
  );
}

function Content({ asked: { instance, content, since, expires_at } }: { asked: ConsentRequest }) {
  const { t, i18n } = useTranslation(['run', 'common']);
  const schema = engineOf(useQuery(enginesQuery).data, content)?.schema;
  const config = asObject(content.config);
  const files = content.files.map(({ name, uri, tag, size }) => (
    <li key={`${name} ${uri}`}>
      {name}: {objectNameOf({ uri })}{' '}
      {tag === null ? (
        <strong>{t('consent.missing')}</strong>
      ) : (
        <span className="muted">{bytesText(size ?? 0, i18n.language)}</span>
      )}
    </li>
  ));
  return (
    <>
      <KeyValue
        items={[
          {
            label: t('consent.task'),
            value: (
              <Link to={`/tasks/${content.task_id}`}>
                {content.task_name} ({taskVersionText(instance)})
              </Link>
            ),
          },
          { label: t('engine'), value: content.engine },
          { label: t('consent.files'), value: files.length > 0 && <ul className="plain-list">{files}</ul> },
          { label: t('consent.since'), value: since && <Time at={since} /> },
          { label: t('consent.expires'), value: expires_at && <Time at={expires_at} /> },
        ]}
      />
      <details open>
        <summary>{t('consent.config')}</summary>
        {schema ? (
          <ConfigFacts schema={schema} config={config} />
        ) : (
          <JsonView value={content.config} label={t('consent.config')} maxHeight={240} />
        )}
      </details>
    </>
  );
}

function Answer({ run, asked }: { run: Instance; asked: ConsentRequest }) {
  const { t } = useTranslation(['run', 'common']);
  const { run: mayRun } = useRights();
  const { modal } = App.useApp();
  const partner = usePartnerName(run);
  const [remember, setRemember] = useState(false);
  const [refusing, setRefusing] = useState(false);
  const consent = useConsent(run.id);
  const missing = mayRun ? undefined : t('needs.run');
  const blocked = blockerText(asked.cannot_accept, t('needs.run'));
  const accept = () =>
    consent.mutate(
      { decision: 'accept', digest: asked.digest, remember },
      {
        onError: (error) =>
          void modal.error({ title: t('consent.failed'), content: <Problem error={error} /> }),
      },
    );
  return (
    <Flex vertical gap={8}>
      <Checkbox
        checked={remember}
        disabled={missing !== undefined}
        onChange={(event) => setRemember(event.target.checked)}
      >
        {t('consent.remember')}
      </Checkbox>
      {blocked !== undefined && !isForbidden(asked.cannot_accept) && (
        <Alert type="error" title={t('consent.cannotAccept')} description={blocked} />
      )}
      <Tooltip title={missing}>
        <Flex gap={8} wrap>
          <Button
            type="primary"
            disabled={blocked !== undefined}
            loading={consent.isPending}
            onClick={accept}
          >
            {t('consent.accept')}
          </Button>
          <Button danger disabled={missing !== undefined} onClick={() => setRefusing(true)}>
            {t('consent.refuse')}
          </Button>
        </Flex>
      </Tooltip>
      {refusing && <Refuse run={run} partner={partner} onClose={() => setRefusing(false)} />}
    </Flex>
  );
}

function Refuse({ run, partner, onClose }: { run: Instance; partner: string; onClose: () => void }) {
  const { t } = useTranslation(['run', 'common']);
  const [reason, setReason] = useState('');
  const consent = useConsent(run.id);
  const refuse = () => consent.mutate({ decision: 'refuse', reason }, { onSuccess: onClose });
  return (
    <Modal
      open
      title={t('consent.refuseTitle', { partner })}
      okText={t('consent.refuse')}
      okButtonProps={{ danger: true, loading: consent.isPending }}
      cancelText={t('common:action.cancel')}
      mask={{ closable: reason === '' }}
      onOk={refuse}
      onCancel={onClose}
    >
      <Flex vertical gap={8}>
        <label htmlFor="consent-reason">{t('consent.reason', { partner })}</label>
        <Input.TextArea
          id="consent-reason"
          rows={3}
          maxLength={REASON_LENGTH}
          value={reason}
          onChange={(event) => setReason(event.target.value)}
        />
        {consent.error && <Problem error={consent.error} />}
      </Flex>
    </Modal>
  );
}
