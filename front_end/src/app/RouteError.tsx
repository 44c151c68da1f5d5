import { Button, Result } from 'antd';
import { useTranslation } from 'react-i18next';
import { useRouteError } from 'react-router';

import { ApiError } from '../api/error';
import { Problem } from '../components/Problem';

// What browsers say when a file of an older build is gone from the server.
const OLD_BUILD = /dynamically imported module|module script failed|Unable to preload/i;

/** For a page that broke. The navigation around it stays. */
export function RouteError() {
  const { t } = useTranslation();
  const error = useRouteError();
  const text = error instanceof Error ? error.message : String(error);
  const outdated = OLD_BUILD.test(text);
  return (
    <Result
      status={outdated ? 'info' : 'error'}
      title={outdated ? t('newVersion.title') : t('crash.title')}
      subTitle={outdated ? t('newVersion.text') : t('crash.text')}
      extra={
        <Button type="primary" onClick={() => window.location.reload()}>
          {t('crash.reload')}
        </Button>
      }
    >
      {error instanceof ApiError ? (
        <Problem error={error} />
      ) : (
        !outdated && <pre className="crash-text">{text}</pre>
      )}
    </Result>
  );
}
