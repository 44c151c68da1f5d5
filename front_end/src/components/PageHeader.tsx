import { Breadcrumb, Flex, Typography } from 'antd';
import type { ReactNode } from 'react';
import { Link } from 'react-router';

import { useDocumentTitle } from '../app/useDocumentTitle';

interface Props {
  title: string;
  /** The way to this page, from the top; the page itself is not among them. */
  trail?: { title: string; to: string }[];
  /** Tags beside the title. */
  tags?: ReactNode;
  /** A line below the title. */
  subtitle?: ReactNode;
  /** Buttons. */
  actions?: ReactNode;
}

/** The head of a page: where one is, what it is, what one can do. It names the browser's tab, too. */
export function PageHeader({ title, trail = [], tags, subtitle, actions }: Props) {
  useDocumentTitle(title);
  return (
    <div className="page-header">
      {trail.length > 0 && (
        <Breadcrumb
          items={[
            ...trail.map(({ title, to }) => ({ key: to, title: <Link to={to}>{title}</Link> })),
            { key: 'here', title },
          ]}
        />
      )}
      <Flex justify="space-between" align="flex-start" gap="8px 16px" wrap>
        <Flex align="center" gap={12} wrap>
          <Typography.Title level={1} className="page-title">
            {title}
          </Typography.Title>
          {tags}
        </Flex>
        {actions && (
          <Flex gap={8} wrap>
            {actions}
          </Flex>
        )}
      </Flex>
      {subtitle && <div className="muted">{subtitle}</div>}
    </div>
  );
}
