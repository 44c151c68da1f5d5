import { Card, Steps } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';

import { type InvitationPreview, usePreviewInvitation } from '../../api/invitations';
import { PageHeader } from '../../components/PageHeader';
import { AcceptForm } from './AcceptForm';
import { Accepted } from './Accepted';
import { PasteCode } from './PasteCode';
import '../partners/partners.css';

/**
 * Takes a code from another console to a partner in three steps: paste it, see what it holds, compare fingerprints. The
 * third step is about a partner that is there already, so its address can be reloaded and shared.
 */
export default function AcceptPage() {
  const { t } = useTranslation(['invitations', 'partners']);
  const [search, setSearch] = useSearchParams();
  const [read, setRead] = useState<{ code: string; preview: InvitationPreview }>();
  const preview = usePreviewInvitation();
  const partner = search.get('partner');
  const step = partner ? 2 : read ? 1 : 0;

  return (
    <>
      <PageHeader
        title={t('title')}
        trail={[{ title: t('partners:title'), to: '/partners' }]}
        subtitle={t('subtitle')}
      />
      <Steps
        className="accept-steps"
        size="small"
        responsive={false}
        current={step}
        items={[{ title: t('step.paste') }, { title: t('step.look') }, { title: t('step.compare') }]}
      />
      <Card className="accept-card">
        {step === 0 && (
          <PasteCode
            error={preview.error}
            loading={preview.isPending}
            onChange={() => preview.reset()}
            onRead={(code) => preview.mutate(code, { onSuccess: (preview) => setRead({ code, preview }) })}
          />
        )}
        {step === 1 && read && (
          <AcceptForm
            {...read}
            onBack={() => setRead(undefined)}
            onAccepted={({ id }) => setSearch({ partner: id })}
          />
        )}
        {partner && <Accepted id={partner} />}
      </Card>
    </>
  );
}
