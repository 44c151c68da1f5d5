import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Flex } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { profileQuery, tableQuery } from '../../api/objects';
import { Loading } from '../../components/Loading';
import { Problem } from '../../components/Problem';
import { Section } from '../../components/Section';
import { TableReading } from '../../components/table/TableReading';
import { TableRows } from '../../components/table/TableRows';
import { Profile } from './Profile';
import { readingOf } from './reading';

const ROWS = 100;

/** The table in a file: how it is read, its first rows, and what is in its columns. */
export function TableCards({ name }: { name: string }) {
  const { t } = useTranslation('objects');
  const [said, say] = useState<Record<string, unknown>>({});
  const reading = readingOf(said);
  const table = useQuery({
    ...tableQuery(name, { ...reading, rows: ROWS }),
    placeholderData: keepPreviousData,
  });
  const profile = useQuery({ ...profileQuery(name, reading), placeholderData: keepPreviousData });
  return (
    <>
      <Section title={t('file.preview')}>
        <Flex vertical gap={12}>
          <TableReading
            // What is not said is shown as it was found.
            config={{ has_header: table.data?.has_header, ...said }}
            table={table.data}
            change={(changes) => say({ ...said, ...changes })}
          />
          {table.error ? (
            <Problem error={table.error} />
          ) : table.data ? (
            <TableRows table={table.data} />
          ) : (
            <Loading rows={4} />
          )}
        </Flex>
      </Section>
      {!table.error && (
        <Section title={t('profile.title')}>
          {profile.error ? (
            <Problem error={profile.error} onRetry={() => void profile.refetch()} />
          ) : profile.data ? (
            <Profile profile={profile.data} />
          ) : (
            <Loading rows={4} />
          )}
        </Section>
      )}
    </>
  );
}
