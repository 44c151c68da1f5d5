import { Col, Row } from 'antd';
import { useTranslation } from 'react-i18next';

import { PageHeader } from '../../components/PageHeader';
import { Failures } from './Failures';
import { Latest } from './Latest';
import { Partners } from './Partners';
import { Running } from './Running';
import { Waiting } from './Waiting';

/** What an operator wants to know first: what waits, what runs, what ended and what failed, and who is connected. */
export default function OverviewPage() {
  const { t } = useTranslation('overview');
  return (
    <>
      <PageHeader title={t('title')} />
      <Row gutter={[16, 16]}>
        <Col xs={24} xl={15}>
          <Row gutter={[16, 16]}>
            <Waiting />
            <Col span={24}>
              <Running />
            </Col>
            <Col span={24}>
              <Latest />
            </Col>
            <Col span={24}>
              <Failures />
            </Col>
          </Row>
        </Col>
        <Col xs={24} xl={9}>
          <Partners />
        </Col>
      </Row>
    </>
  );
}
