import { Button, type ButtonProps } from 'antd';
import { useHref, useLinkClickHandler } from 'react-router';

interface Props extends Pick<ButtonProps, 'type' | 'icon' | 'size' | 'children'> {
  /** A page of this console. */
  to: string;
}

/** A link to a page that looks like a button: one thing to focus, and it can be opened in another tab. */
export function LinkButton({ to, ...look }: Props) {
  const href = useHref(to);
  const open = useLinkClickHandler<HTMLElement>(to);
  return <Button {...look} href={href} onClick={open} />;
}
