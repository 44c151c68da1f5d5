import { ReloadOutlined } from '@ant-design/icons';
import { useQuery } from '@tanstack/react-query';
import { Badge, Button, Card, Flex } from 'antd';
import { useTranslation } from 'react-i18next';

import { type EngineFinding, engineCheckQuery, enginesQuery } from '../../api/engines';
import { useRights } from '../../app/rights';
import { Icon } from '../../components/Icon';
import { inLanguage } from '../../components/inLanguage';
import { Loaded } from '../../components/Loaded';

const LOOKS = {
  good: 'success',
  doubtful: 'warning',
  bad: 'error',
} as const satisfies Record<EngineFinding['health'], string>;

/** What runs jobs, and what it finds where it works, such as on its clusters. */
export function Engines() {
  const { t } = useTranslation('system');
  const engines = useQuery(enginesQuery);
  return (
    <Card title={t('engines.title')}>
      <Loaded query={engines}>
        {(all) => (
          <ul className="system-work">
            {all.map((engine) => (
              <li key={engine.name}>
                <span>
                  <strong>{engine.name}</strong> <span className="muted">{engine.version}</span>
                  {engine.default && <div className="muted">{t('engines.default')}</div>}
                </span>
                <Findings engine={engine.name} />
              </li>
            ))}
          </ul>
        )}
      </Loaded>
    </Card>
  );
}

function Findings({ engine }: { engine: string }) {
  const { t, i18n } = useTranslation('system');
  const { system: may } = useRights();
  const found = useQuery({ ...engineCheckQuery(engine), enabled: may });
  if (!may) return null;
  return (
    <>
      <Button
        size="small"
        icon={<Icon of={ReloadOutlined} />}
        loading={found.isFetching}
        onClick={() => void found.refetch()}
        aria-label={t('engines.checkOf', { engine })}
      >
        {t('engines.check')}
      </Button>
      <div className="engine-findings">
        <Loaded query={found}>
          {(findings) => (
            <Flex vertical gap={4}>
              {findings.map(({ subject, health, text, text_zh }, number) => (
                <Badge
                  key={number}
                  status={LOOKS[health]}
                  text={
                    <>
                      <strong>{subject}</strong> {inLanguage(i18n.language, text, text_zh)}
                    </>
                  }
                  data-health={health}
                  title={t(`engines.health.${health}`)}
                />
              ))}
            </Flex>
          )}
        </Loaded>
      </div>
    </>
  );
}
