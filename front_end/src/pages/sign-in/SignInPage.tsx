import { Alert, Button, Form, Input } from 'antd';
import { useTranslation } from 'react-i18next';
import { useQuery } from '@tanstack/react-query';
import { Navigate, useSearchParams } from 'react-router';

import type { Schema } from '../../api/client';
import { sessionQuery, setupQuery, useSignIn } from '../../api/session';
import { nextPath } from '../../app/signInPath';
import { Standalone } from '../../app/Standalone';
import { Refusal } from './Refusal';

/** Signs in, and leads back to where one wanted to go. */
export default function SignInPage() {
  const { t } = useTranslation('signIn');
  const [search] = useSearchParams();
  const session = useQuery(sessionQuery);
  const setup = useQuery(setupQuery);
  const signIn = useSignIn();

  if (session.data) return <Navigate to={nextPath(search)} replace />;
  if (setup.data?.needed) return <Navigate to="/setup" replace />;

  return (
    <Standalone title={t('title')} intro={t('intro')}>
      {search.has('next') && !signIn.error && (
        <Alert className="standalone-notice" type="info" showIcon title={t('expired')} />
      )}
      {signIn.error && (
        <div className="standalone-notice">
          <Refusal key={signIn.submittedAt} error={signIn.error} at={signIn.submittedAt} />
        </div>
      )}
      <Form<Schema<'Credentials'>>
        layout="vertical"
        requiredMark={false}
        onFinish={(credentials) => signIn.mutate(credentials)}
      >
        <Form.Item name="name" label={t('name')} rules={[{ required: true, message: t('nameMissing') }]}>
          <Input autoComplete="username" autoFocus autoCapitalize="none" spellCheck={false} size="large" />
        </Form.Item>
        <Form.Item
          name="password"
          label={t('password')}
          rules={[{ required: true, message: t('passwordMissing') }]}
        >
          <Input.Password autoComplete="current-password" size="large" />
        </Form.Item>
        <Button type="primary" htmlType="submit" size="large" block loading={signIn.isPending}>
          {t('submit')}
        </Button>
      </Form>
    </Standalone>
  );
}
