import { useQuery } from '@tanstack/react-query';
import { Alert, Button, Form, Input } from 'antd';
import { useTranslation } from 'react-i18next';
import { Link, Navigate } from 'react-router';

import type { Schema } from '../../api/client';
import type { ApiError } from '../../api/error';
import { sessionQuery, setupQuery, useFirstAdmin } from '../../api/session';
import { LoadingPage } from '../../app/LoadingPage';
import { Standalone } from '../../app/Standalone';
import { fieldProblem } from '../../components/fieldProblem';
import { Problem } from '../../components/Problem';

type Values = Schema<'FirstAdmin'> & { again: string };

/** The first account of a console, made by whoever has the code of its log. */
export default function SetupPage() {
  const { t } = useTranslation('setup');
  const setup = useQuery(setupQuery);
  const session = useQuery(sessionQuery);
  const create = useFirstAdmin();
  const part = (pointer: string) => fieldProblem(create.error, pointer);

  if (session.data) return <Navigate to="/" replace />;
  if (setup.isPending) return <LoadingPage />;
  if (setup.data?.needed === false && !create.isPending && !create.error)
    return <Navigate to="/sign-in" replace />;

  return (
    <Standalone title={t('title')} intro={t('intro')}>
      {(create.error ?? setup.error) && (
        <div className="standalone-notice">
          <Refusal error={create.error ?? setup.error} />
        </div>
      )}
      <Form<Values>
        key={String(setup.data?.organization)}
        layout="vertical"
        initialValues={{ organization: setup.data?.organization ?? '' }}
        requiredMark={false}
        onValuesChange={() => create.error && create.reset()}
        onFinish={({ code, organization, name, password }) =>
          create.mutate({ code: code.trim(), organization: organization ?? null, name, password })
        }
      >
        <Form.Item
          name="code"
          label={t('code')}
          extra={t('codeHelp')}
          rules={[{ required: true, message: t('codeMissing') }]}
        >
          <Input
            autoFocus
            autoComplete="off"
            autoCapitalize="characters"
            spellCheck={false}
            className="mono"
          />
        </Form.Item>
        <Form.Item
          name="organization"
          label={t('organization')}
          extra={t('organizationHelp')}
          rules={[{ required: true, whitespace: true, message: t('organizationMissing') }]}
          {...part('/organization')}
        >
          <Input autoComplete="organization" maxLength={128} />
        </Form.Item>
        <Form.Item
          name="name"
          label={t('name')}
          rules={[{ required: true, message: t('nameMissing') }]}
          {...part('/name')}
        >
          <Input autoComplete="username" autoCapitalize="none" spellCheck={false} />
        </Form.Item>
        <Form.Item
          name="password"
          label={t('password')}
          rules={[{ required: true, message: t('passwordMissing') }]}
          {...part('/password')}
        >
          <Input.Password autoComplete="new-password" />
        </Form.Item>
        <Form.Item
          name="again"
          label={t('again')}
          dependencies={['password']}
          rules={[
            ({ getFieldValue }) => ({
              validator: (_, again) =>
                again === getFieldValue('password')
                  ? Promise.resolve()
                  : Promise.reject(new Error(t('againDiffers'))),
            }),
          ]}
        >
          <Input.Password autoComplete="new-password" />
        </Form.Item>
        <Button type="primary" htmlType="submit" size="large" block loading={create.isPending}>
          {t('submit')}
        </Button>
      </Form>
    </Standalone>
  );
}

function Refusal({ error }: { error: ApiError | null }) {
  const { t } = useTranslation('setup');
  switch (error?.code) {
    case 'wrong_setup_code':
      return (
        <Alert type="error" showIcon role="alert" title={t('wrongCode')} description={t('wrongCodeHint')} />
      );
    case 'setup_done':
      return (
        <Alert type="info" showIcon title={t('done')} action={<Link to="/sign-in">{t('toSignIn')}</Link>} />
      );
    case 'invalid_input':
      return null; // shown at the fields
    default:
      return <Problem error={error} />;
  }
}
