import { App, Button, Form, Input, Modal } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { type Partner, useUnpairPartner } from '../../api/partners';
import { fieldProblem, besides } from '../../components/fieldProblem';
import { Problem } from '../../components/Problem';

/** Ends the pairing, after asking, with a reason for the partner's operators. */
export function UnpairButton({ partner }: { partner: Partner }) {
  const { t } = useTranslation('partners');
  const [asking, setAsking] = useState(false);
  return (
    <>
      <Button danger onClick={() => setAsking(true)}>
        {t('unpair.action')}
      </Button>
      {asking && <UnpairDialog partner={partner} onClose={() => setAsking(false)} />}
    </>
  );
}

function UnpairDialog({ partner, onClose }: { partner: Partner; onClose: () => void }) {
  const { t } = useTranslation(['partners', 'common']);
  const { message } = App.useApp();
  const unpair = useUnpairPartner();
  const [reason, setReason] = useState('');
  const { id, name, trust, waiting_messages } = partner;
  const isBase = trust === 'base';

  const submit = async () => {
    await unpair.mutateAsync({ id, reason: reason.trim() });
    void message.success(t('unpair.done', { partner: name }));
    onClose();
  };

  return (
    <Modal
      open
      title={t('unpair.question', { partner: name })}
      okText={t('unpair.action')}
      okButtonProps={{ danger: true, loading: unpair.isPending }}
      cancelText={t('common:action.cancel')}
      onOk={() => void submit().catch(() => undefined)}
      onCancel={onClose}
    >
      <ul className="consequences">
        <li>{t('unpair.calls')}</li>
        {waiting_messages > 0 && <li>{t('unpair.queue', { count: waiting_messages })}</li>}
        <li>{t('unpair.projects', { partner: name })}</li>
        <li>{t(isBase ? 'unpair.againOriginal' : 'unpair.again')}</li>
      </ul>
      {!isBase && (
        <Form layout="vertical">
          <Form.Item
            label={`${t('unpair.reason', { partner: name })} (${t('common:optional')})`}
            htmlFor="unpair-reason"
            {...fieldProblem(unpair.error, '/reason')}
          >
            <Input
              id="unpair-reason"
              maxLength={256}
              value={reason}
              onChange={(event) => setReason(event.target.value)}
            />
          </Form.Item>
        </Form>
      )}
      <Problem error={besides(unpair.error, ['/reason'])} />
    </Modal>
  );
}
