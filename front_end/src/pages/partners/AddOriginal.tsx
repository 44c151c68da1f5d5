import { Alert, App, Checkbox, Form, Input } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';

import { newKey } from '../../api/client';
import { useAddBasePartner } from '../../api/partners';
import { CreateDrawer } from '../../components/CreateDrawer';
import { fieldProblem } from '../../components/fieldProblem';

interface Fields {
  name: string;
  address: string;
  comment?: string;
  accept_unsigned: boolean;
}

const POINTERS = ['/name', '/address', '/comment', '/accept_unsigned'];

/** Opts in to a partner with the original console, which cannot prove who it is. */
export function AddOriginal({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation(['partners', 'common']);
  const { message } = App.useApp();
  const navigate = useNavigate();
  const add = useAddBasePartner();
  const [key] = useState(newKey);

  const submit = async ({ name, address, comment, accept_unsigned }: Fields) => {
    const given = comment?.trim();
    const partner = await add.mutateAsync({
      key,
      name,
      address: address.trim(),
      accept_unsigned,
      ...(given && { comment: given }),
    });
    void message.success(t('original.done', { name: partner.name }));
    onClose();
    await navigate(`/partners/${partner.id}`);
  };

  return (
    <CreateDrawer<Fields>
      title={t('original.action')}
      create={add}
      pointers={POINTERS}
      action={t('original.submit')}
      danger
      onCreate={submit}
      onClose={onClose}
      above={
        <Alert
          type="warning"
          showIcon
          title={t('original.warning')}
          description={t('original.warningText')}
        />
      }
    >
      {(first) => (
        <>
          <Form.Item
            name="name"
            label={t('common:field.name')}
            extra={t('nameHint')}
            rules={[{ required: true, whitespace: true, message: t('nameMissing') }]}
            {...fieldProblem(add.error, '/name')}
          >
            <Input ref={first} maxLength={256} />
          </Form.Item>
          <Form.Item
            name="address"
            label={t('address')}
            extra={t('original.addressHint')}
            rules={[{ required: true, whitespace: true, message: t('addressMissing') }]}
            {...fieldProblem(add.error, '/address')}
          >
            <Input inputMode="url" placeholder="http://console.example.org/host" spellCheck={false} />
          </Form.Item>
          <Form.Item
            name="comment"
            label={t('common:field.comment')}
            {...fieldProblem(add.error, '/comment')}
          >
            <Input.TextArea maxLength={256} autoSize={{ minRows: 2, maxRows: 6 }} />
          </Form.Item>
          <Form.Item
            name="accept_unsigned"
            valuePropName="checked"
            required
            rules={[
              {
                validator: (_, checked) =>
                  checked === true
                    ? Promise.resolve()
                    : Promise.reject(new Error(t('original.acceptMissing'))),
              },
            ]}
            {...fieldProblem(add.error, '/accept_unsigned')}
          >
            <Checkbox>{t('original.accept')}</Checkbox>
          </Form.Item>
        </>
      )}
    </CreateDrawer>
  );
}
