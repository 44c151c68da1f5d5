import { Button, Checkbox, DatePicker, Flex, Select } from 'antd';
import dayjs, { type Dayjs } from 'dayjs';
import { useTranslation } from 'react-i18next';

import { projectsQuery } from '../../api/projects';
import { tasksQuery } from '../../api/tasks';
import { useAllRows } from '../../components/useAllRows';
import { RUN_STATES } from '../../components/words';
import type { RunFilter, useRunFilter } from './useRunFilter';

interface Props {
  filter: RunFilter;
  onChange: ReturnType<typeof useRunFilter>['change'];
  filtered: boolean;
}

const DAY = 'YYYY-MM-DD';

/** By project, task, state and time. */
export function RunFilters({ filter, onChange, filtered }: Props) {
  const { t } = useTranslation(['runs', 'common', 'components']);
  return (
    <Flex gap={8} wrap role="search" aria-label={t('filter.label')}>
      <ProjectSelect value={filter.project} onChange={(project) => onChange({ project, task: undefined })} />
      {filter.project && (
        <TaskSelect project={filter.project} value={filter.task} onChange={(task) => onChange({ task })} />
      )}
      <States filter={filter} onChange={onChange} />
      <Days filter={filter} onChange={onChange} />
      <Checkbox
        className="runs-filter-check"
        checked={filter.warnings ?? false}
        onChange={(event) => onChange({ warnings: event.target.checked ? 'yes' : undefined })}
      >
        {t('filter.warnings')}
      </Checkbox>
      {filtered && (
        <Button
          type="text"
          onClick={() =>
            onChange({
              project: undefined,
              task: undefined,
              state: undefined,
              from: undefined,
              to: undefined,
              warnings: undefined,
            })
          }
        >
          {t('filter.clear')}
        </Button>
      )}
    </Flex>
  );
}

function States({ filter, onChange }: Omit<Props, 'filtered'>) {
  const { t } = useTranslation(['runs', 'common', 'components']);
  return (
    <Select
      mode="multiple"
      className="runs-filter-wide"
      aria-label={t('filter.state')}
      placeholder={t('filter.state')}
      allowClear
      maxTagCount="responsive"
      value={[...filter.states]}
      onChange={(states) => onChange({ state: states.join(',') })}
      options={RUN_STATES.map((state) => ({ value: state, label: t(`components:status.${state}`) }))}
    />
  );
}

function Days({ filter, onChange }: Omit<Props, 'filtered'>) {
  const { t } = useTranslation(['runs', 'common', 'components']);
  const since = (days: number): [Dayjs, Dayjs] => [dayjs().subtract(days, 'day'), dayjs()];
  return (
    <DatePicker.RangePicker
      aria-label={t('filter.time')}
      placeholder={[t('filter.from'), t('filter.to')]}
      allowEmpty={[true, true]}
      value={[filter.from ? dayjs(filter.from) : null, filter.to ? dayjs(filter.to) : null]}
      onChange={(days) => onChange({ from: days?.[0]?.format(DAY), to: days?.[1]?.format(DAY) })}
      presets={[
        { label: t('filter.today'), value: since(0) },
        { label: t('filter.week'), value: since(6) },
        { label: t('filter.month'), value: since(29) },
      ]}
    />
  );
}

interface SelectProps {
  value: string | undefined;
  onChange: (value: string | undefined) => void;
}

function ProjectSelect({ value, onChange }: SelectProps) {
  const { t } = useTranslation(['runs', 'common', 'components']);
  const { rows } = useAllRows(projectsQuery());
  return (
    <Choice
      label={t('common:field.project')}
      placeholder={t('filter.project')}
      value={value}
      onChange={onChange}
      options={rows?.map(({ id, name }) => ({ value: id, label: name ?? t('common:unnamed') }))}
    />
  );
}

function TaskSelect({ project, value, onChange }: SelectProps & { project: string }) {
  const { t } = useTranslation(['runs', 'common', 'components']);
  const { rows } = useAllRows(tasksQuery(project));
  return (
    <Choice
      label={t('common:field.task')}
      placeholder={t('filter.task')}
      value={value}
      onChange={onChange}
      options={rows?.map(({ root }) => ({ value: root.id, label: root.name }))}
    />
  );
}

interface ChoiceProps extends SelectProps {
  label: string;
  placeholder: string;
  /** Undefined while they are loaded. */
  options: { value: string; label: string }[] | undefined;
}

function Choice({ label, placeholder, value, onChange, options }: ChoiceProps) {
  return (
    <Select
      className="runs-filter"
      aria-label={label}
      placeholder={placeholder}
      allowClear
      showSearch={{ optionFilterProp: 'label' }}
      loading={options === undefined}
      // An id that has no name yet would be shown as it is.
      value={options ? value : undefined}
      onChange={onChange}
      options={options ?? []}
    />
  );
}
