import { Flex, Switch } from 'antd';
import { useTranslation } from 'react-i18next';

interface Props {
  checked: boolean;
  onChange: (checked: boolean) => void;
}

/** Whether a list shows what was put into the archive. */
export function ArchiveSwitch({ checked, onChange }: Props) {
  const { t } = useTranslation('components');
  return (
    <Flex align="center" gap={8} justify="flex-end">
      <Switch size="small" id="show-archived" checked={checked} onChange={onChange} />
      <label htmlFor="show-archived" className="muted">
        {t('archive.show')}
      </label>
    </Flex>
  );
}
