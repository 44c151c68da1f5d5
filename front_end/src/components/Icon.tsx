import type { AntdIconProps } from '@ant-design/icons/es/components/AntdIcon';
import type { ComponentType } from 'react';

interface Props extends Omit<AntdIconProps, 'ref'> {
  of: ComponentType<AntdIconProps>;
}

/**
 * An icon. Screen readers pass over it, because the words beside it say what it means: by itself it would be read by its
 * file's name, as a part of its button's. One that stands alone gets an `aria-label`.
 */
export function Icon({ of: Shape, ...props }: Props) {
  const alone = props['aria-label'] !== undefined;
  return alone ? (
    <Shape {...props} />
  ) : (
    <Shape role={undefined} aria-label={undefined} aria-hidden {...props} />
  );
}
