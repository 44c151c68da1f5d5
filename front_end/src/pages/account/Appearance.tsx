import { Flex, Segmented } from 'antd';
import { useTranslation } from 'react-i18next';

import { type ThemeChoice, useAppearance } from '../../app/appearanceContext';
import { KeyValue } from '../../components/KeyValue';
import { chooseLanguage, currentLanguage, type Language, LANGUAGES } from '../../i18n';

/** Language and colour scheme, in this browser. */
export function Appearance() {
  const { t } = useTranslation(['account', 'common']);
  const { choice, choose } = useAppearance();
  return (
    <Flex vertical gap={16}>
      <KeyValue
        items={[
          {
            label: t('common:language'),
            value: (
              <Segmented<Language>
                aria-label={t('common:language')}
                value={currentLanguage()}
                onChange={(language) => void chooseLanguage(language)}
                options={Object.entries(LANGUAGES).map(([value, label]) => ({
                  value: value as Language,
                  label,
                }))}
              />
            ),
          },
          {
            label: t('common:theme.label'),
            value: (
              <Segmented<ThemeChoice>
                aria-label={t('common:theme.label')}
                value={choice}
                onChange={choose}
                options={(['light', 'dark', 'system'] as const).map((value) => ({
                  value,
                  label: t(`common:theme.${value}`),
                }))}
              />
            ),
          },
        ]}
      />
      <span className="muted">{t('appearance.text')}</span>
    </Flex>
  );
}
