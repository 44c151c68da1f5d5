import { App, Button, Flex, Tooltip } from 'antd';
import { useTranslation } from 'react-i18next';

import { partnersQuery } from '../../api/partners';
import { type OutboxMessage, useGiveUpMessage, useRetryMessage } from '../../api/system';
import { ConfirmButton } from '../../components/ConfirmButton';
import { Problem } from '../../components/Problem';
import { useAllRows } from '../../components/useAllRows';
import { useKindText } from './useKindText';

/** Sends a message now, or gives it up; nothing for one that has arrived. */
export function MessageActions({ message: row }: { message: OutboxMessage }) {
  const { t } = useTranslation(['system', 'common']);
  const { message, modal } = App.useApp();
  const kind = useKindText()(row.kind);
  const partner = row.partner_name ?? t('thePartner');
  const receiver = useAllRows(partnersQuery()).rows?.find(({ id }) => id === row.partner_id);
  // What is for a suspended partner waits, whatever one does.
  const paused = receiver?.trust === 'suspended';
  const retry = useRetryMessage();
  const giveUp = useGiveUpMessage();

  const send = () =>
    retry.mutate(row.id, {
      onSuccess: () => void message.success(t('retry.done', { kind, partner })),
      onError: (error) => {
        modal.error({ title: t('retry.failed'), content: <Problem error={error} /> });
      },
    });
  const drop = async () => {
    await giveUp.mutateAsync(row.id);
    void message.success(t('giveUp.done', { kind, partner }));
  };

  return (
    <Flex gap={8}>
      <Tooltip title={paused ? t('retry.suspended', { partner }) : undefined}>
        <Button size="small" loading={retry.isPending} disabled={paused} onClick={send}>
          {t(row.state === 'waiting' ? 'retry.now' : 'retry.again')}
        </Button>
      </Tooltip>
      {row.state !== 'given_up' && (
        <ConfirmButton
          size="small"
          question={t('giveUp.question', { kind, partner })}
          consequence={t(row.state === 'refused' ? 'giveUp.refused' : 'giveUp.waiting', { partner })}
          onConfirm={drop}
        >
          {t('giveUp.action')}
        </ConfirmButton>
      )}
    </Flex>
  );
}
