import { Button, Flex, Input } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { CopyButton } from '../../components/CopyButton';
import { suggestPassword } from './password';

interface Props {
  id?: string;
  value?: string;
  onChange?: (value: string) => void;
}

/** A password for somebody else: typed or suggested, and copied to hand it over. */
export function PasswordField({ id, value = '', onChange }: Props) {
  const { t } = useTranslation('users');
  const [visible, setVisible] = useState(false);
  const suggest = () => {
    onChange?.(suggestPassword());
    setVisible(true);
  };
  return (
    <Flex gap={8} wrap>
      <Input.Password
        {...(id !== undefined && { id })}
        className="password-field"
        autoComplete="new-password"
        maxLength={256}
        value={value}
        visibilityToggle={{ visible, onVisibleChange: setVisible }}
        onChange={(event) => onChange?.(event.target.value)}
      />
      {value === '' ? (
        <Button onClick={suggest}>{t('password.suggest')}</Button>
      ) : (
        <CopyButton text={value} what={t('password.what')} labelled size="middle" />
      )}
    </Flex>
  );
}
