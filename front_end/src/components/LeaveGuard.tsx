import { Modal } from 'antd';
import { createContext, type ReactNode, useCallback, useContext, useEffect, useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useBlocker } from 'react-router';

type Tell = (part: string, dirty: boolean) => void;

const GuardContext = createContext<Tell>(() => undefined);
const UnsavedContext = createContext(false);

/** Whether a part of the page holds changes that are not saved. */
export function useHasUnsaved(): boolean {
  return useContext(UnsavedContext);
}

/** Says that a part of the page holds changes that are not saved; the `LeaveGuard` around it asks before they are lost. */
export function useUnsaved(dirty: boolean): void {
  const tell = useContext(GuardContext);
  const part = useId();
  useEffect(() => {
    tell(part, dirty);
    return () => tell(part, false);
  }, [tell, part, dirty]);
}

interface Props {
  children: ReactNode;
  /** What is asked and what is lost, where it is something else than changes that are not saved. */
  words?: { title: string; text: string };
}

/** Asks before a page with unsaved changes is left. */
export function LeaveGuard({ children, words }: Props) {
  const { t } = useTranslation('components');
  const [parts, setParts] = useState<ReadonlySet<string>>(new Set());
  const tell = useCallback<Tell>((part, dirty) => {
    setParts((now) => {
      if (now.has(part) === dirty) return now;
      const next = new Set(now);
      if (dirty) next.add(part);
      else next.delete(part);
      return next;
    });
  }, []);
  const dirty = parts.size > 0;
  // What only changes the address's parameters shows the same page.
  const blocker = useBlocker(
    ({ currentLocation, nextLocation }) => dirty && currentLocation.pathname !== nextLocation.pathname,
  );

  useEffect(() => {
    if (!dirty) return;
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener('beforeunload', ask);
    return () => window.removeEventListener('beforeunload', ask);
  }, [dirty]);

  return (
    <GuardContext value={tell}>
      <UnsavedContext value={dirty}>{children}</UnsavedContext>
      <Modal
        open={blocker.state === 'blocked'}
        title={words?.title ?? t('leave.title')}
        okText={t('leave.leave')}
        okButtonProps={{ danger: true }}
        cancelText={t('leave.stay')}
        onOk={() => blocker.proceed?.()}
        onCancel={() => blocker.reset?.()}
      >
        {words?.text ?? t('leave.text')}
      </Modal>
    </GuardContext>
  );
}
