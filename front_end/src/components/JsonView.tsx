import { useTranslation } from 'react-i18next';

import { CopyButton } from './CopyButton';

interface Props {
  value: unknown;
  /** What it is, for the copy button's label. */
  label: string;
  /** In pixels; a longer text scrolls. */
  maxHeight?: number;
}

/** A JSON value to read and copy. */
export function JsonView({ value, label, maxHeight = 360 }: Props) {
  const { t } = useTranslation('components');
  if (value === undefined || value === null) return <span className="muted">{t('json.none')}</span>;
  const text = JSON.stringify(value, null, 2);
  return (
    <div className="json-view">
      <div className="json-view-copy">
        <CopyButton text={text} what={label} />
      </div>
      {/* A part that scrolls must be reachable by keyboard. */}
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <pre className="mono" style={{ maxHeight }} tabIndex={0} aria-label={label}>
        {text}
      </pre>
    </div>
  );
}
