import { DiffOutlined } from '@ant-design/icons';
import { Button, Flex } from 'antd';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';

import { Icon } from '../../components/Icon';
import { MOST_COMPARED } from './useRunFilter';

interface Props {
  picked: readonly string[];
  onPick: (ids: readonly string[]) => void;
}

/** How many runs are picked, and the way to compare them. */
export function CompareBar({ picked, onPick }: Props) {
  const { t } = useTranslation('runs');
  const navigate = useNavigate();
  const hint =
    picked.length < 2 ? 'compare.pickMore' : picked.length >= MOST_COMPARED ? 'compare.full' : 'compare.more';
  return (
    <Flex gap="8px 12px" align="center" wrap className="runs-compare">
      <Button
        type={picked.length >= 2 ? 'primary' : 'default'}
        icon={<Icon of={DiffOutlined} />}
        disabled={picked.length < 2 || picked.length > MOST_COMPARED}
        onClick={() => void navigate(`/runs/compare?ids=${picked.join(',')}`)}
      >
        {t('compare.action', { count: picked.length })}
      </Button>
      <span className="muted" aria-live="polite">
        {t(hint, { most: MOST_COMPARED })}
      </span>
      {picked.length > 0 && (
        <Button type="text" size="small" onClick={() => onPick([])}>
          {t('compare.clear')}
        </Button>
      )}
    </Flex>
  );
}
