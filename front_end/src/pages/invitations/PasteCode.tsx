import { Button, Flex, Form, Input } from 'antd';
import { type ClipboardEvent, useId, useState } from 'react';
import { useTranslation } from 'react-i18next';

import type { ApiError } from '../../api/error';
import { besides, fieldProblem } from '../../components/fieldProblem';
import { Problem } from '../../components/Problem';
import { OwnInvitation } from './OwnInvitation';

interface Props {
  error: ApiError | null;
  loading: boolean;
  onChange: () => void;
  onRead: (code: string) => void;
}

/** Takes the code. A pasted one is read at once; nothing is sent to the other console by that. */
export function PasteCode({ error, loading, onChange, onRead }: Props) {
  const { t } = useTranslation('invitations');
  const id = useId();
  const [code, setCode] = useState('');
  const own = error?.code === 'own_invitation';

  const paste = (event: ClipboardEvent<HTMLTextAreaElement>) => {
    const text = event.clipboardData.getData('text').trim();
    // What is pasted into a part of a code is only a part of it.
    if (code !== '' || text === '') return;
    event.preventDefault();
    setCode(text);
    onRead(text);
  };

  return (
    <Form layout="vertical" onFinish={() => onRead(code.trim())}>
      <Form.Item
        label={t('paste.label')}
        htmlFor={id}
        extra={t('paste.hint')}
        {...fieldProblem(error, '/code')}
      >
        <Input.TextArea
          id={id}
          className="mono"
          rows={6}
          spellCheck={false}
          placeholder="efls1-…"
          value={code}
          onPaste={paste}
          onChange={(event) => {
            setCode(event.target.value);
            onChange();
          }}
        />
      </Form.Item>
      <Flex vertical gap={16}>
        {own ? <OwnInvitation /> : <Problem error={besides(error, ['/code'])} />}
        <Flex>
          <Button type="primary" htmlType="submit" loading={loading} disabled={code.trim() === ''}>
            {t('paste.submit')}
          </Button>
        </Flex>
      </Flex>
    </Form>
  );
}
