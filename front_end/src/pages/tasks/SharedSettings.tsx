import { CheckOutlined, WarningFilled } from '@ant-design/icons';
import { Button, Flex, Tag } from 'antd';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';

import { type Pairing, pairingQuery, useTakeSettings } from '../../api/pairings';
import { Icon } from '../../components/Icon';
import { useHasUnsaved } from '../../components/LeaveGuard';
import { Problem } from '../../components/Problem';
import { orderedKeys, titleOf, valueTitle } from '../../components/schemaTexts';
import { engineOf } from '../../components/task-config/engine';
import type { JsonObject } from '../../components/task-config/jsonObject';
import { ruleOf } from './sharedSetting';
import { type TaskView, useEngines } from './useTaskPage';
import '../../components/compare.css';

type Setting = NonNullable<Pairing['shared_settings']>[number];

/** The settings that both sides must agree on, side by side; nothing when the partner has not told its own. */
export function SharedSettings({ view }: { view: TaskView }) {
  const { t } = useTranslation('tasks');
  const { task, lock } = view;
  const id = task.pairing?.id ?? '';
  const pairing = useQuery({ ...pairingQuery(id), enabled: id !== '' }).data;
  const settings = pairing?.shared_settings ?? [];
  if (!pairing || settings.length === 0) return null;
  const takes = !lock && settings.some(({ agrees, can_take }) => !agrees && can_take);
  return (
    <Flex vertical gap={12}>
      <strong>{t('shared.title')}</strong>
      <Table view={view} settings={settings} />
      {takes && <Take view={view} pairing={pairing} />}
    </Flex>
  );
}

function Table({ view, settings }: { view: TaskView; settings: Setting[] }) {
  const { t } = useTranslation('tasks');
  const { task, partner } = view;
  const schema = engineOf(useEngines().data, task)?.schema;
  return (
    <div className="compare">
      <table aria-label={t('shared.title')}>
        <thead>
          <tr>
            <th scope="col">{t('shared.setting')}</th>
            <th scope="col">{t('shared.ours')}</th>
            <th scope="col">{partner}</th>
            <th scope="col">
              <span className="visually-hidden">{t('shared.agreement')}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {settings.toSorted(inOrder(schema)).map((setting) => (
            <Row key={setting.key} setting={setting} schema={schema} partner={partner} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** What differs first, then as the engine orders its settings. */
function inOrder(schema: JsonObject | undefined) {
  const keys = schema ? orderedKeys(schema) : [];
  return (one: Setting, other: Setting) =>
    Number(one.agrees) - Number(other.agrees) || keys.indexOf(one.key) - keys.indexOf(other.key);
}

interface RowProps {
  setting: Setting;
  schema: JsonObject | undefined;
  partner: string;
}

function Row({ setting: { key, ours, theirs, agrees }, schema, partner }: RowProps) {
  const { t, i18n } = useTranslation('tasks');
  const rule = ruleOf(schema, key);
  const text = (value: unknown) => {
    if (rule === 'count') return t('shared.count', { count: Number(value) });
    if (rule === 'one_side') return t(value === true ? 'shared.set' : 'shared.notSet');
    return valueTitle(schema, key, value, i18n.language) ?? t('shared.notSet');
  };
  return (
    <tr data-difference={agrees ? 'same' : 'fault'}>
      <th scope="row">{titleOf(schema, key, i18n.language)}</th>
      <td data-label={t('shared.ours')}>{text(ours)}</td>
      <td data-label={partner}>{text(theirs)}</td>
      <td className="compare-mark">
        {agrees ? (
          <span className="muted">
            <Icon of={CheckOutlined} /> {t('shared.fits')}
          </span>
        ) : (
          <Tag color="error" icon={<Icon of={WarningFilled} />}>
            {t(rule === 'one_side' ? 'shared.oneSide' : 'shared.differs')}
          </Tag>
        )}
      </td>
    </tr>
  );
}

function Take({ view, pairing }: { view: TaskView; pairing: Pairing }) {
  const { t } = useTranslation('tasks');
  const take = useTakeSettings();
  const unsaved = useHasUnsaved();
  return (
    <Flex vertical gap={8} align="start">
      <Button
        type="primary"
        ghost
        loading={take.isPending}
        disabled={unsaved}
        onClick={() => take.mutate(pairing.id)}
      >
        {t('shared.take', { partner: view.partner })}
      </Button>
      {unsaved && <span className="muted">{t('pair.unsaved')}</span>}
      <Problem error={take.error} />
    </Flex>
  );
}
