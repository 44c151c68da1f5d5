import { App } from 'antd';
import { useTranslation } from 'react-i18next';

import { useUnsaved } from './LeaveGuard';

/** Closes a drawer or dialog; asks first when something was typed in it. Leaving the page asks as well. */
export function useGuardedClose(dirty: boolean, onClose: () => void): () => void {
  const { t } = useTranslation('components');
  const { modal } = App.useApp();
  useUnsaved(dirty);
  return () => {
    if (!dirty) {
      onClose();
      return;
    }
    modal.confirm({
      title: t('close.title'),
      content: t('close.text'),
      okText: t('close.close'),
      okButtonProps: { danger: true },
      cancelText: t('close.stay'),
      onOk: onClose,
    });
  };
}
