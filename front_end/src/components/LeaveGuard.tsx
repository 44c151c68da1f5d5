import { Modal } from 'antd';
import { createContext, type ReactNode, useCallback, useContext, useEffect, useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useBlocker } from 'react-router';

/** What is asked and what is lost, where it is something else than changes that are not saved. */
interface Words {
  title: string;
  text: string;
}

type Tell = (part: string, words: Words | 'usual' | null) => void;

/** For a navigation after saving: nobody is asked about what is saved. */
export const SAVED = { state: { saved: true } };

const GuardContext = createContext<Tell>(() => undefined);
const UnsavedContext = createContext(false);

/** Whether a part of the page holds changes that are not saved. */
export function useHasUnsaved(): boolean {
  return useContext(UnsavedContext);
}

/** Says that a part of the page holds changes that are not saved; the `LeaveGuard` around it asks before they are lost. */
export function useUnsaved(dirty: boolean, words?: Words): void {
  const tell = useContext(GuardContext);
  const part = useId();
  const { title, text } = words ?? {};
  useEffect(() => {
    const said = title !== undefined && text !== undefined ? { title, text } : 'usual';
    tell(part, dirty ? said : null);
    return () => tell(part, null);
  }, [tell, part, dirty, title, text]);
}

/** Asks before a page with unsaved changes is left. There is one around all pages. */
export function LeaveGuard({ children }: { children: ReactNode }) {
  const { t } = useTranslation('components');
  const [parts, setParts] = useState<ReadonlyMap<string, Words | 'usual'>>(new Map());
  const tell = useCallback<Tell>((part, words) => {
    setParts((now) => {
      if ((now.get(part) ?? null) === words) return now;
      const next = new Map(now);
      if (words) next.set(part, words);
      else next.delete(part);
      return next;
    });
  }, []);
  const dirty = parts.size > 0;
  const words = [...parts.values()].find((words) => words !== 'usual');
  // What only changes the address's parameters shows the same page.
  const blocker = useBlocker(
    ({ currentLocation, nextLocation }) =>
      dirty && currentLocation.pathname !== nextLocation.pathname && !isSaved(nextLocation.state),
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

function isSaved(state: unknown): boolean {
  return typeof state === 'object' && state !== null && 'saved' in state;
}
