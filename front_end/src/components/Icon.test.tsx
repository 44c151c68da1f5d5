import { DeleteOutlined, UserAddOutlined } from '@ant-design/icons';
import { render, screen } from '@testing-library/react';
import { Button, Tag } from 'antd';
import { expect, it } from 'vitest';

import { Icon } from './Icon';

it('is no part of the name of its button', () => {
  render(<Button icon={<Icon of={UserAddOutlined} />}>Invite</Button>);
  expect(screen.getByRole('button')).toHaveAccessibleName('Invite');
  expect(screen.queryByRole('img')).not.toBeInTheDocument();
});

it('keeps a label of its own, and what others give it', () => {
  render(
    <Tag icon={<Icon of={UserAddOutlined} className="mine" />}>
      <Icon of={DeleteOutlined} aria-label="gone" />
    </Tag>,
  );
  expect(screen.getByRole('img', { name: 'gone' })).toBeInTheDocument();
  expect(document.querySelector('.mine')).toHaveClass('anticon-user-add');
});
