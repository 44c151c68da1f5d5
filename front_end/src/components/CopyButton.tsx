import { CheckOutlined, CopyOutlined } from '@ant-design/icons';
import { App, Button, type ButtonProps, Tooltip } from 'antd';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';

import { copyText } from './copyText';
import { Icon } from './Icon';

interface Props extends Pick<ButtonProps, 'type' | 'size'> {
  text: string;
  /** What is copied, for the label: "Copy fingerprint". */
  what: string;
  /** Whether the label is shown beside the icon. */
  labelled?: boolean;
}

/** Copies a text, and says so after it was copied. */
export function CopyButton({
  text,
  what,
  labelled = false,
  type = labelled ? 'default' : 'text',
  size = 'small',
}: Props) {
  const { t } = useTranslation('components');
  const { message } = App.useApp();
  const [copied, setCopied] = useState(false);

  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), 2_000);
    return () => clearTimeout(timer);
  }, [copied]);

  const label = copied ? t('copy.copied') : t('copy.copy', { what });
  const copy = async () => {
    if (await copyText(text)) setCopied(true);
    else void message.warning(t('copy.failed'));
  };
  const button = (
    <Button
      type={type}
      size={size}
      icon={copied ? <Icon of={CheckOutlined} /> : <Icon of={CopyOutlined} />}
      {...(!labelled && { 'aria-label': label })}
      onClick={() => void copy()}
    >
      {labelled && label}
    </Button>
  );
  return (
    <>
      {labelled ? button : <Tooltip title={label}>{button}</Tooltip>}
      <span className="visually-hidden" aria-live="polite">
        {copied && t('copy.copied')}
      </span>
    </>
  );
}
