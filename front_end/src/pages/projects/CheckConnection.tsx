import { ApiOutlined } from '@ant-design/icons';
import { Alert, Button, Modal } from 'antd';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';

import { type Project, useCheckProject } from '../../api/projects';
import { Icon } from '../../components/Icon';
import { Loading } from '../../components/Loading';
import { Problem } from '../../components/Problem';

/** Asks the partner whether it knows the project, now, and says what it answered. */
export function CheckConnection({ project }: { project: Project }) {
  const { t } = useTranslation(['projects', 'common']);
  const check = useCheckProject();
  const partner = project.partner_name ?? t('thePartner');
  return (
    <>
      <Button
        icon={<Icon of={ApiOutlined} />}
        loading={check.isPending}
        onClick={() => check.mutate(project.id)}
      >
        {t('check.action')}
      </Button>
      <Modal
        open={!check.isIdle}
        title={t('check.title', { partner })}
        footer={<Button onClick={() => check.reset()}>{t('common:action.close')}</Button>}
        onCancel={() => check.reset()}
      >
        {check.isPending && <Loading rows={2} />}
        <Problem error={check.error} onRetry={() => check.mutate(project.id)} />
        {check.data?.connected === true && (
          <Alert type="success" showIcon role="status" title={t('check.connected', { partner })} />
        )}
        {check.data?.connected === false && (
          <Alert
            type="error"
            showIcon
            role="alert"
            title={t('check.failed', { partner })}
            description={
              <>
                <div>{check.data.detail}</div>
                {project.partner_id && (
                  <Link to={`/partners/${project.partner_id}`}>
                    {t('outstanding.checkPartner', { partner })}
                  </Link>
                )}
              </>
            }
          />
        )}
      </Modal>
    </>
  );
}
