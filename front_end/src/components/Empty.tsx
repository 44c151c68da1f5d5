import { Empty as AntEmpty } from 'antd';
import type { ReactNode } from 'react';

interface Props {
  /** What is not there, and what it would be good for. */
  text: ReactNode;
  /** The next step: a button or a link. */
  children?: ReactNode;
}

/** For a list without entries: says so, and offers the next step. */
export function Empty({ text, children }: Props) {
  return (
    <AntEmpty className="empty" image={AntEmpty.PRESENTED_IMAGE_SIMPLE} description={text}>
      {children}
    </AntEmpty>
  );
}
