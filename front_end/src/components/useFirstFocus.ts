import type { InputRef } from 'antd';
import { type RefObject, useRef } from 'react';

interface FirstFocus {
  /** For the field. */
  ref: RefObject<InputRef | null>;
  /** For the dialog or drawer. */
  afterOpenChange: (open: boolean) => void;
}

/** Puts the cursor into the first field of a dialog that has opened, unless somebody was faster and is typing elsewhere. */
export function useFirstFocus(): FirstFocus {
  const ref = useRef<InputRef>(null);
  const afterOpenChange = (open: boolean) => {
    const typing = document.activeElement?.matches('input, textarea, [contenteditable="true"]') ?? false;
    if (open && !typing) ref.current?.focus();
  };
  return { ref, afterOpenChange };
}
