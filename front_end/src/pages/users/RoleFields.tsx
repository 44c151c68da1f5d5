import { Checkbox, Flex, Form, Radio } from 'antd';
import { useTranslation } from 'react-i18next';

import type { Schema } from '../../api/client';
import type { ApiError } from '../../api/error';
import { useMe } from '../../api/session';
import { fieldProblem } from '../../components/fieldProblem';

/** What a person may do: the role, and for users the permissions besides it. */
export interface Access {
  role: string;
  permissions: Schema<'UserPermissions'>;
}

interface Props {
  value: Access;
  onChange: (value: Access) => void;
  error: ApiError | null;
  /** Why the role cannot be changed. */
  fixed?: string | undefined;
}

const ROLES = ['default', 'admin', 'root'] as const;

/** Chooses role and permissions; roles that one may not grant say so. */
export function RoleFields({ value, onChange, error, fixed }: Props) {
  const { t } = useTranslation(['users', 'common']);
  const { grantable_roles } = useMe();
  const mayGrant = (name: (typeof ROLES)[number]) => grantable_roles.includes(name);
  const { role, permissions } = value;
  const allow = (part: Partial<Access['permissions']>) =>
    onChange({ role, permissions: { ...permissions, ...part } });
  const limited = !ROLES.every(mayGrant);
  return (
    <>
      <Form.Item
        label={t('role.label')}
        required
        extra={fixed ?? (limited && t('role.limited'))}
        {...fieldProblem(error, '/role')}
      >
        <Radio.Group
          aria-label={t('role.label')}
          className="role-choice"
          value={role}
          disabled={fixed !== undefined}
          onChange={(event) => onChange({ role: String(event.target.value), permissions })}
        >
          {ROLES.map((name) => (
            <Radio key={name} value={name} disabled={fixed !== undefined || !mayGrant(name)}>
              <strong>{t(`common:role.${name}`)}</strong>
              <div className="muted">{t(`role.${name}`)}</div>
            </Radio>
          ))}
        </Radio.Group>
      </Form.Item>
      {role === 'default' && (
        <Form.Item label={t('permissions.label')} required {...fieldProblem(error, '/permissions')}>
          <Flex vertical gap={8}>
            <Checkbox
              checked={permissions.add_task}
              onChange={(event) => allow({ add_task: event.target.checked })}
            >
              {t('permissions.addTask')}
            </Checkbox>
            <Checkbox checked={permissions.run} onChange={(event) => allow({ run: event.target.checked })}>
              {t('permissions.run')}
            </Checkbox>
          </Flex>
        </Form.Item>
      )}
    </>
  );
}
