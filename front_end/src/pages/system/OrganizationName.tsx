import { App, Button, Flex, Form, Input } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { useRenameOrganization } from '../../api/system';
import { useRights } from '../../app/rights';
import { useUnsaved } from '../../components/LeaveGuard';
import { Problem } from '../../components/Problem';

/** What our organisation is called; administrators change it in place. */
export function OrganizationName({ name }: { name: string }) {
  const { t } = useTranslation(['system', 'common']);
  const [editing, setEditing] = useState(false);
  const { system: may } = useRights();
  if (editing) return <Rename name={name} onDone={() => setEditing(false)} />;
  return (
    <Flex gap={8} align="center" wrap>
      <span>{name}</span>
      {may && (
        <Button size="small" onClick={() => setEditing(true)}>
          {t('console.rename')}
        </Button>
      )}
    </Flex>
  );
}

function Rename({ name, onDone }: { name: string; onDone: () => void }) {
  const { t } = useTranslation(['system', 'common']);
  const { message } = App.useApp();
  const rename = useRenameOrganization();
  const [text, setText] = useState(name);
  useUnsaved(text !== name);
  const save = async () => {
    await rename.mutateAsync(text);
    void message.success(t('console.renamed'));
    onDone();
  };
  return (
    <Form layout="vertical" onFinish={() => void save().catch(() => undefined)}>
      <Flex vertical gap={8}>
        <Input
          aria-label={t('console.organization')}
          value={text}
          maxLength={128}
          onChange={({ target }) => setText(target.value)}
        />
        <Problem error={rename.error} />
        <Flex gap={8}>
          <Button
            type="primary"
            size="small"
            htmlType="submit"
            loading={rename.isPending}
            disabled={text.trim() === '' || text === name}
          >
            {t('common:action.save')}
          </Button>
          <Button size="small" onClick={onDone}>
            {t('common:action.cancel')}
          </Button>
        </Flex>
      </Flex>
    </Form>
  );
}
