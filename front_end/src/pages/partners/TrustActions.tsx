import { PauseCircleOutlined, PlayCircleOutlined } from '@ant-design/icons';
import { App, Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';

import { type Partner, useDeletePartner, useResumePartner, useSuspendPartner } from '../../api/partners';
import { ConfirmButton } from '../../components/ConfirmButton';
import { Icon } from '../../components/Icon';
import { Problem } from '../../components/Problem';
import { UnpairButton } from './UnpairButton';

/** What changes how far a partner is trusted, as far as its trust allows it. */
export function TrustActions({ partner }: { partner: Partner }) {
  const { cannot } = partner;
  return (
    <>
      {!cannot.suspend && <Suspend partner={partner} />}
      {!cannot.resume && <Resume partner={partner} />}
      {!cannot.delete && <Delete partner={partner} />}
      {!cannot.unpair && <UnpairButton partner={partner} />}
    </>
  );
}

function Delete({ partner: { id, name } }: { partner: Partner }) {
  const { t } = useTranslation(['partners', 'common']);
  const { message } = App.useApp();
  const navigate = useNavigate();
  const remove = useDeletePartner();
  const submit = async () => {
    await remove.mutateAsync(id);
    void message.success(t('delete.done', { partner: name }));
    await navigate('/partners');
  };
  return (
    <ConfirmButton
      question={t('delete.question', { partner: name })}
      consequence={t('delete.consequence')}
      onConfirm={submit}
    >
      {t('common:action.delete')}
    </ConfirmButton>
  );
}

function Suspend({ partner: { id, name } }: { partner: Partner }) {
  const { t } = useTranslation('partners');
  const { message } = App.useApp();
  const suspend = useSuspendPartner();
  const submit = async () => {
    await suspend.mutateAsync(id);
    void message.success(t('suspend.done', { partner: name }));
  };
  return (
    <ConfirmButton
      danger={false}
      icon={<Icon of={PauseCircleOutlined} />}
      question={t('suspend.question', { partner: name })}
      consequence={t('suspend.consequence')}
      onConfirm={submit}
    >
      {t('suspend.action')}
    </ConfirmButton>
  );
}

/** Takes nothing away, so it does not ask. */
export function Resume({ partner: { id, name } }: { partner: Partner }) {
  const { t } = useTranslation('partners');
  const { message, modal } = App.useApp();
  const resume = useResumePartner();
  const submit = () =>
    resume.mutate(id, {
      onSuccess: () => void message.success(t('resume.done', { partner: name })),
      onError: (error) => {
        modal.error({ title: t('resume.failed'), content: <Problem error={error} /> });
      },
    });
  return (
    <Button
      type="primary"
      icon={<Icon of={PlayCircleOutlined} />}
      loading={resume.isPending}
      onClick={submit}
    >
      {t('resume.action')}
    </Button>
  );
}
