import { Skeleton } from 'antd';
import { useTranslation } from 'react-i18next';

/** The place of what is being loaded. */
export function Loading({ rows = 4 }: { rows?: number }) {
  const { t } = useTranslation();
  return (
    <div role="status" aria-label={t('loading')}>
      <Skeleton active title={false} paragraph={{ rows }} />
    </div>
  );
}
