import { CheckCircleFilled } from '@ant-design/icons';
import { Alert, App, Button, Flex } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { type Partner, useConfirmPartner } from '../../api/partners';
import { useRights } from '../../app/rights';
import { CopyButton } from '../../components/CopyButton';
import { Icon } from '../../components/Icon';
import { Problem } from '../../components/Problem';
import { Time } from '../../components/Time';
import { UnpairButton } from './UnpairButton';
import './partners.css';

/** Both fingerprints side by side, for two people to compare by telephone, and what they found. */
export function CompareFingerprints({ partner }: { partner: Partner }) {
  const { t } = useTranslation('partners');
  const { name, fingerprint, our_fingerprint, fingerprint_confirmed_at, trust } = partner;
  const open = !fingerprint_confirmed_at && trust !== 'unpaired';
  if (!fingerprint) return null;
  return (
    <Flex vertical gap={16}>
      {open && <p className="partner-text">{t('compare.text', { partner: name })}</p>}
      <div className="fingerprint-sides">
        <Side
          title={t('fingerprint.ours')}
          text={open && t('compare.oursText', { partner: name })}
          value={our_fingerprint}
        />
        <Side
          title={t('fingerprint.theirs', { partner: name })}
          text={open && t('compare.theirsText')}
          value={fingerprint}
        />
      </div>
      {fingerprint_confirmed_at ? (
        <Flex gap={8} align="center" data-compared="yes">
          <Icon of={CheckCircleFilled} className="compare-good" />
          <span>
            {t('compare.confirmed')} <Time at={fingerprint_confirmed_at} />
          </span>
        </Flex>
      ) : (
        open && <Verdict partner={partner} fingerprint={fingerprint} />
      )}
    </Flex>
  );
}

function Side({ title, text, value }: { title: string; text: string | false; value: string }) {
  return (
    <section className="fingerprint-side" aria-label={title}>
      <Flex justify="space-between" align="center" gap={8}>
        <h2 className="partner-subtitle">{title}</h2>
        <CopyButton text={value} what={title} />
      </Flex>
      <div className="fingerprint-large mono">
        {value.split(' ').map((group, index) => (
          <span key={index}>{group} </span>
        ))}
      </div>
      {text && <span className="muted">{text}</span>}
    </section>
  );
}

/** What the comparison gave: the same, which is noted, or not the same, which says what to do. */
function Verdict({ partner, fingerprint }: { partner: Partner; fingerprint: string }) {
  const { t } = useTranslation(['partners', 'common']);
  const { message } = App.useApp();
  const { managePartners } = useRights();
  const confirm = useConfirmPartner();
  const [differ, setDiffer] = useState(false);
  const { id, name } = partner;

  if (!managePartners) return <span className="muted">{t('compare.admins')}</span>;
  const same = () =>
    confirm.mutate(
      { id, fingerprint },
      { onSuccess: () => void message.success(t('compare.done', { partner: name })) },
    );
  return (
    <Flex vertical gap={12}>
      <Flex gap={8} align="center" wrap>
        <strong>{t('compare.question')}</strong>
        <Button type="primary" loading={confirm.isPending} onClick={same}>
          {t('compare.same')}
        </Button>
        <Button danger aria-expanded={differ} onClick={() => setDiffer(true)}>
          {t('compare.differ')}
        </Button>
      </Flex>
      {differ && (
        <Alert
          type="error"
          showIcon
          role="alert"
          title={t('compare.differTitle')}
          description={
            <Flex vertical gap={8} align="flex-start">
              <span>{t('compare.differText', { partner: name })}</span>
              <Flex gap={8} wrap>
                <UnpairButton partner={partner} />
                <Button onClick={() => setDiffer(false)}>{t('common:action.back')}</Button>
              </Flex>
            </Flex>
          }
        />
      )}
      <Problem error={confirm.error} />
    </Flex>
  );
}
