import { useQuery } from '@tanstack/react-query';
import { Col, Row } from 'antd';
import { useTranslation } from 'react-i18next';

import { type Overview, overviewQuery } from '../../api/overview';
import { Loaded } from '../../components/Loaded';
import { PageHeader } from '../../components/PageHeader';
import { Failures } from './Failures';
import { FirstSteps } from './FirstSteps';
import { Latest } from './Latest';
import { Partners } from './Partners';
import { Running } from './Running';
import { Waiting } from './Waiting';

/** What an operator wants to know first: what waits, what runs, what ended and what failed, and who is connected. */
export default function OverviewPage() {
  const { t } = useTranslation('overview');
  const overview = useQuery(overviewQuery);
  return (
    <>
      <PageHeader title={t('title')} />
      <Loaded query={overview} rows={8}>
        {(overview) => <Cards overview={overview} />}
      </Loaded>
    </>
  );
}

function Cards({ overview }: { overview: Overview }) {
  const { attention, first_steps, running, recent, failed, partners } = overview;
  const isNew = first_steps != null;
  return (
    <Row gutter={[16, 16]}>
      <Col xs={24} xl={15}>
        <Row gutter={[16, 16]}>
          <Waiting attention={attention} />
          {isNew && (
            <Col span={24}>
              <FirstSteps steps={first_steps} />
            </Col>
          )}
          {(!isNew || running.length > 0) && (
            <Col span={24}>
              <Running runs={running} />
            </Col>
          )}
          {!isNew && (
            <Col span={24}>
              <Latest runs={recent} />
            </Col>
          )}
          <Col span={24}>
            <Failures runs={failed} />
          </Col>
        </Row>
      </Col>
      <Col xs={24} xl={9}>
        <Partners partners={partners} />
      </Col>
    </Row>
  );
}
