import { Button, Flex, Input } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { nextName } from './uploadQueue';

interface Props {
  /** The name that cannot be had. */
  taken: string;
  onRename: (name: string) => void;
}

/** Another name for a file that cannot have its own. */
export function OtherName({ taken, onRename }: Props) {
  const { t } = useTranslation('objects');
  const [name, setName] = useState(() => nextName(taken));
  const wanted = name.trim();
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (wanted !== '' && wanted !== taken) onRename(wanted);
      }}
    >
      <Flex gap={8} wrap>
        <Input
          className="upload-other"
          aria-label={t('exists.otherName')}
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
        <Button htmlType="submit" disabled={wanted === '' || wanted === taken}>
          {t('exists.rename')}
        </Button>
      </Flex>
    </form>
  );
}
