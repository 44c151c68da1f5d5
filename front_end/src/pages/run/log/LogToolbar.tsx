import { CloseCircleFilled, DownloadOutlined, SearchOutlined } from '@ant-design/icons';
import { Button, Checkbox, Flex, Input, Select } from 'antd';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';

import type { Instance } from '../../../api/instances';
import { logDownloadAddress } from '../../../api/logs';
import { Icon } from '../../../components/Icon';
import { LEVELS, type LogFilter } from './useLogFilter';

interface Props {
  run: Instance;
  attempt: number;
  filter: LogFilter;
  onFilter: (part: Partial<LogFilter>) => void;
  roles: readonly string[];
  wrap: boolean;
  onWrap: (wrap: boolean) => void;
}

/** Which lines are shown, and how. */
export function LogToolbar({ run, attempt, filter, onFilter, roles, wrap, onWrap }: Props) {
  const { t } = useTranslation(['run', 'common']);
  const choices = filter.role && !roles.includes(filter.role) ? [...roles, filter.role] : roles;
  return (
    <Flex gap={8} align="center" wrap className="run-log-tools">
      <Search text={filter.text} onSearch={(text) => onFilter({ text })} />
      <Select
        aria-label={t('log.level.choose')}
        value={filter.level}
        onChange={(level) => onFilter({ level })}
        popupMatchSelectWidth={false}
        options={LEVELS.map((level) => ({ value: level, label: t(`log.level.${level}`) }))}
      />
      {choices.length > 1 && (
        <Select
          aria-label={t('log.role.choose')}
          value={filter.role ?? ''}
          onChange={(role) => onFilter({ role })}
          popupMatchSelectWidth={false}
          options={[
            { value: '', label: t('log.role.all') },
            ...choices.map((role) => ({ value: role, label: role })),
          ]}
        />
      )}
      <Checkbox checked={wrap} onChange={(event) => onWrap(event.target.checked)}>
        {t('log.wrap')}
      </Checkbox>
      <Button
        className="run-log-download"
        icon={<Icon of={DownloadOutlined} />}
        href={logDownloadAddress(run.id, attempt)}
        download
      >
        {t('common:action.download')}
      </Button>
    </Flex>
  );
}

const TYPING_MS = 300;

function Search({
  text,
  onSearch,
}: {
  text: string | undefined;
  onSearch: (text: string | undefined) => void;
}) {
  const { t } = useTranslation(['run', 'common']);
  const [typed, setTyped] = useState(text ?? '');
  const search = useRef(onSearch);
  useEffect(() => {
    search.current = onSearch;
  });
  useEffect(() => {
    if (typed === (text ?? '')) return;
    const timer = setTimeout(() => search.current(typed || undefined), TYPING_MS);
    return () => clearTimeout(timer);
  }, [typed, text]);
  return (
    <Input
      className="run-log-search"
      aria-label={t('log.search')}
      placeholder={t('log.search')}
      prefix={<Icon of={SearchOutlined} />}
      allowClear={{ clearIcon: <Icon of={CloseCircleFilled} aria-label={t('log.clearSearch')} /> }}
      value={typed}
      onChange={(event) => setTyped(event.target.value)}
      onPressEnter={() => onSearch(typed || undefined)}
    />
  );
}
