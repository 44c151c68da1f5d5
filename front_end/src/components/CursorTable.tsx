import { useInfiniteQuery } from '@tanstack/react-query';
import { Button, Flex, Table, type TableProps } from 'antd';
import { type ReactNode, useMemo } from 'react';
import { useTranslation } from 'react-i18next';

import type { PagesOptions } from '../api/paging';
import { Loading } from './Loading';
import { Problem } from './Problem';

interface Props<Row> extends Pick<
  TableProps<Row>,
  'columns' | 'rowKey' | 'rowSelection' | 'onRow' | 'expandable' | 'size' | 'scroll'
> {
  /** What the list is, for screen readers. */
  label: string;
  /** From a function of `src/api`, for example `partnersQuery()`. */
  query: PagesOptions<Row>;
  /** Shown when there is no entry: an `Empty` with the next step. */
  empty: ReactNode;
  /** Leaves rows out in the browser; for a list that the server cannot filter. */
  filter?: (row: Row) => boolean;
}

/** A table of a list that is loaded part by part, with its loading, empty and error states. */
export function CursorTable<Row extends object>({
  label,
  query,
  empty,
  filter,
  rowKey = 'id',
  ...table
}: Props<Row>) {
  const { t } = useTranslation(['components', 'common']);
  const list = useInfiniteQuery(query);
  const rows = useMemo(() => {
    const all = list.data?.pages.flatMap((page) => page.items) ?? [];
    return filter ? all.filter(filter) : all;
  }, [list.data, filter]);

  if (list.isPending) return <Loading rows={6} />;
  if (!list.data) return <Problem error={list.error} onRetry={() => void list.refetch()} />;
  if (rows.length === 0 && !list.hasNextPage) return empty;
  return (
    <Flex vertical gap={12}>
      {list.error && <Problem error={list.error} onRetry={() => void list.refetch()} />}
      <Table<Row>
        aria-label={label}
        scroll={{ x: 'max-content' }}
        {...table}
        rowKey={rowKey}
        dataSource={rows}
        pagination={false}
      />
      <Flex justify="space-between" align="center" gap={12} wrap>
        <span className="muted" aria-live="polite">
          {t(list.hasNextPage ? 'table.loaded' : 'table.all', { count: rows.length })}
        </span>
        {list.hasNextPage && (
          <Button loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
            {t('table.more')}
          </Button>
        )}
      </Flex>
    </Flex>
  );
}
