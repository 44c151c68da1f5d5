import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Alert, Flex } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import type { ApiError } from '../../api/error';
import { profileQuery, tableQuery } from '../../api/objects';
import { Loading } from '../../components/Loading';
import { Problem } from '../../components/Problem';
import { Section } from '../../components/Section';
import { TableReading } from '../../components/table/TableReading';
import { TableRows } from '../../components/table/TableRows';
import { tableSettings } from '../../components/table/tableSettings';
import { useProblemText } from '../../components/useProblemText';
import { isOneOf } from '../../components/words';
import { Profile } from './Profile';

const ROWS = 100;

/** The table in a file: how it is read, its first rows, and what is in its columns. */
export function TableCards({ name }: { name: string }) {
  const { t } = useTranslation('objects');
  const [said, say] = useState<Record<string, unknown>>({});
  const reading = tableSettings(said);
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
            <NoTable error={table.error} />
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

/** That a file is no table is no fault of anybody. */
function NoTable({ error }: { error: ApiError }) {
  const text = useProblemText();
  if (!isOneOf(['not_a_table', 'no_preview'], error.code)) return <Problem error={error} />;
  const { title, detail } = text(error);
  return <Alert type="info" showIcon title={title} description={detail} />;
}
