import { Alert, App, Form, Input } from 'antd';
import { useTranslation } from 'react-i18next';

import type { Schema } from '../../api/client';
import { type Partner, useChangePartner } from '../../api/partners';
import { EditDrawer } from '../../components/EditDrawer';
import { fieldProblem } from '../../components/fieldProblem';
import { useDraft } from '../../components/useDraft';

interface Fields {
  name: string;
  address: string;
  comment: string;
}

const read = ({ name, address, comment }: Partner): Fields => ({ name, address, comment: comment ?? '' });

/** Corrects name, address or remark of a partner. */
export function EditPartner({ partner, onClose }: { partner: Partner; onClose: () => void }) {
  const { t } = useTranslation(['partners', 'common']);
  const { message } = App.useApp();
  const save = useChangePartner();
  const draft = useDraft(partner, read);
  const { value } = draft;
  const set = (part: Partial<Fields>) => draft.change({ ...value, ...part });
  const named = value.name.trim() !== '';
  const addressed = value.address.trim() !== '';
  const moved = value.address.trim() !== draft.stored.address;

  const submit = async () => {
    await save.mutateAsync({ partner: draft.base, change: changeOf(value, read(draft.base)) });
    void message.success(t('edit.done', { partner: value.name.trim() }));
    onClose();
  };

  return (
    <EditDrawer
      title={t('edit.title', { partner: partner.name })}
      draft={draft}
      save={save}
      pointers={['/name', '/address', '/comment']}
      valid={named && addressed}
      onSave={submit}
      onClose={onClose}
    >
      <Form.Item
        label={t('common:field.name')}
        htmlFor="partner-name"
        extra={t('nameHint')}
        {...(!named && { validateStatus: 'error', help: t('nameMissing') })}
        {...fieldProblem(save.error, '/name')}
      >
        <Input
          id="partner-name"
          maxLength={256}
          value={value.name}
          onChange={(event) => set({ name: event.target.value })}
        />
      </Form.Item>
      <Form.Item
        label={t('address')}
        htmlFor="partner-address"
        extra={t('edit.addressHint')}
        {...(!addressed && { validateStatus: 'error', help: t('addressMissing') })}
        {...fieldProblem(save.error, '/address')}
      >
        <Input
          id="partner-address"
          inputMode="url"
          spellCheck={false}
          value={value.address}
          onChange={(event) => set({ address: event.target.value })}
        />
      </Form.Item>
      {moved && addressed && (
        <Form.Item>
          <Alert type="info" showIcon title={t('edit.moved', { partner: partner.name })} />
        </Form.Item>
      )}
      <Form.Item
        label={t('common:field.comment')}
        htmlFor="partner-comment"
        {...fieldProblem(save.error, '/comment')}
      >
        <Input.TextArea
          id="partner-comment"
          maxLength={256}
          autoSize={{ minRows: 2, maxRows: 6 }}
          value={value.comment}
          onChange={(event) => set({ comment: event.target.value })}
        />
      </Form.Item>
    </EditDrawer>
  );
}

/** Only what changed is sent, so that nobody else's change of another part is undone. */
function changeOf(now: Fields, before: Fields): Schema<'PartnerChange'> {
  return {
    ...(now.name !== before.name && { name: now.name }),
    ...(now.address !== before.address && { address: now.address.trim() }),
    ...(now.comment !== before.comment && { comment: now.comment.trim() || null }),
  };
}
