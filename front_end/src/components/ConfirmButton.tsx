import { App, Button, type ButtonProps, Tooltip } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

import { ApiError } from '../api/error';
import { Problem } from './Problem';

interface Props extends Pick<ButtonProps, 'danger' | 'icon' | 'size' | 'type'> {
  /** The question; it names the object: "Delete the run 17 of join-a?" */
  question: string;
  /** What it means, and whether it can be undone. */
  consequence: ReactNode;
  /** The button's label, which the dialog's button has too. */
  children: string;
  onConfirm: () => Promise<unknown>;
  /** Why it is not possible now; the button is disabled then and says so. */
  unavailable?: string | undefined;
}

/** A button for what cannot be taken back: it asks, naming the object, and shows why if it did not work. */
export function ConfirmButton({ question, consequence, children, onConfirm, unavailable, ...look }: Props) {
  const { t } = useTranslation();
  const { modal } = App.useApp();
  const danger = look.danger ?? true;

  const ask = () => {
    const dialog = modal.confirm({
      title: question,
      content: consequence,
      okText: children,
      okButtonProps: { danger },
      cancelText: t('action.cancel'),
      focusable: { autoFocusButton: 'cancel' },
      onOk: async () => {
        try {
          await onConfirm();
        } catch (thrown) {
          const content = (
            <>
              {consequence}
              <Problem error={ApiError.from(thrown)} />
            </>
          );
          dialog.update({ content });
          throw thrown; // keeps the dialog open
        }
      },
    });
  };

  return (
    <Tooltip title={unavailable}>
      <Button {...look} danger={danger} disabled={unavailable !== undefined} onClick={ask}>
        {children}
      </Button>
    </Tooltip>
  );
}
