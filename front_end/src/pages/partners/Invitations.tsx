import { App, Card, Flex, Segmented, Tag } from 'antd';
import { useTranslation } from 'react-i18next';
import { Link, useSearchParams } from 'react-router';

import { type Invitation, invitationsQuery, useRevokeInvitation } from '../../api/invitations';
import { ConfirmButton } from '../../components/ConfirmButton';
import { CursorTable } from '../../components/CursorTable';
import { Empty } from '../../components/Empty';
import { Time } from '../../components/Time';
import { UserName } from '../../components/UserName';
import { isOneOf } from '../../components/words';

const STATES = ['open', 'used', 'revoked', 'expired'] as const;
const COLORS = { open: 'processing', used: 'success', revoked: 'default', expired: 'default' } as const;

const isOpen = ({ state }: Invitation) => state === 'open';

/** Invitations that were made here: those that can still be used, or all. */
export function Invitations() {
  const { t } = useTranslation(['partners', 'common']);
  const [search, setSearch] = useSearchParams();
  const all = search.get('invitations') === 'all';
  const show = (choice: 'open' | 'all') => {
    const next = new URLSearchParams(search);
    if (choice === 'all') next.set('invitations', 'all');
    else next.delete('invitations');
    setSearch(next, { replace: true, preventScrollReset: true });
  };
  return (
    <Card
      title={t('invitations.title')}
      extra={
        <Segmented
          aria-label={t('common:field.state')}
          value={all ? 'all' : 'open'}
          onChange={(choice: 'open' | 'all') => show(choice)}
          options={[
            { value: 'open', label: t('invitations.state.open') },
            { value: 'all', label: t('invitations.all') },
          ]}
        />
      }
    >
      <CursorTable<Invitation>
        label={t('invitations.title')}
        query={invitationsQuery()}
        empty={<Empty text={t(all ? 'invitations.none' : 'invitations.noneOpen')} />}
        {...(!all && { filter: isOpen })}
        columns={[
          {
            title: t('invitations.for'),
            key: 'for',
            render: (_, { comment, partner_id }) => (
              <Flex vertical>
                <span>{comment ?? <span className="muted">{t('common:none')}</span>}</span>
                {partner_id && <Link to={`/partners/${partner_id}`}>{t('invitations.usedBy')}</Link>}
              </Flex>
            ),
          },
          {
            title: t('common:field.state'),
            key: 'state',
            render: (_, { state }) => <StateTag state={state} />,
          },
          {
            title: t('common:field.created'),
            key: 'created',
            render: (_, { created_at, created_by }) => (
              <>
                <Time at={created_at} /> · <UserName id={created_by} />
              </>
            ),
          },
          {
            title: t('invitations.expires'),
            key: 'expires',
            render: (_, { expires_at }) => <Time at={expires_at} />,
          },
          {
            title: t('common:field.actions'),
            key: 'actions',
            render: (_, invitation) => isOpen(invitation) && <Revoke invitation={invitation} />,
          },
        ]}
      />
    </Card>
  );
}

function StateTag({ state }: { state: string }) {
  const { t } = useTranslation('partners');
  if (!isOneOf(STATES, state)) return <Tag>{state}</Tag>;
  return <Tag color={COLORS[state]}>{t(`invitations.state.${state}`)}</Tag>;
}

function Revoke({ invitation }: { invitation: Invitation }) {
  const { t } = useTranslation('partners');
  const { message } = App.useApp();
  const revoke = useRevokeInvitation();
  const { comment } = invitation;
  const submit = async () => {
    await revoke.mutateAsync(invitation.id);
    void message.success(t('revoke.done'));
  };
  return (
    <ConfirmButton
      size="small"
      question={comment ? t('revoke.questionFor', { comment }) : t('revoke.question')}
      consequence={t('revoke.consequence')}
      onConfirm={submit}
    >
      {t('revoke.action')}
    </ConfirmButton>
  );
}
