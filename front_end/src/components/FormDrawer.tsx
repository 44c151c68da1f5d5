import { Button, Drawer, Flex } from 'antd';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';

import { useGuardedClose } from './useGuardedClose';

interface Props {
  title: ReactNode;
  /** Pixels. */
  size?: number | 'large';
  /** The button that saves; next to it is one that cancels. */
  submit?: ReactNode;
  /** Whether there is something to lose; by default, whether anything was typed. */
  dirty?: boolean;
  onClose: () => void;
  afterOpenChange?: (open: boolean) => void;
  children: ReactNode;
}

/** A form in a drawer. What was typed is not lost by Esc or a click beside it: closing asks. */
export function FormDrawer({ title, size = 560, submit, dirty, onClose, afterOpenChange, children }: Props) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState(false);
  const close = useGuardedClose(dirty ?? typed, onClose);
  return (
    <Drawer
      open
      title={title}
      size={size}
      onClose={close}
      {...(afterOpenChange && { afterOpenChange })}
      footer={
        submit && (
          <Flex justify="flex-end" gap={8}>
            <Button onClick={close}>{t('action.cancel')}</Button>
            {submit}
          </Flex>
        )
      }
    >
      <div onInput={() => setTyped(true)}>{children}</div>
    </Drawer>
  );
}
