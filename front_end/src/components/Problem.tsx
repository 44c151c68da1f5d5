import { Alert, Button, Flex } from 'antd';
import { useTranslation } from 'react-i18next';

import type { ApiError } from '../api/error';
import { CopyButton } from './CopyButton';
import { fieldText } from './problemText';
import { useProblemText } from './useProblemText';

interface Props {
  error: ApiError | null | undefined;
  /** Offers to try again. */
  onRetry?: (() => void) | undefined;
  /** Field problems that a form already shows at their fields are left out here. */
  hideParts?: boolean;
}

/** Why something did not work: what happened, what to do, and what the log knows it by. Nothing without an error. */
export function Problem({ error, onRetry, hideParts = false }: Props) {
  const { t } = useTranslation(['components', 'common']);
  const text = useProblemText();
  if (!error) return null;
  const { title, detail, advice } = text(error);
  const parts = hideParts ? [] : error.parts.filter((part) => part.pointer !== '');
  return (
    <Alert
      type="error"
      showIcon
      role="alert"
      title={title}
      action={
        onRetry && (
          <Button size="small" onClick={onRetry}>
            {t('common:action.retry')}
          </Button>
        )
      }
      description={
        <Flex vertical gap={4}>
          {parts.length === 0 && detail && <span>{detail}</span>}
          {parts.length > 0 && (
            <ul className="problem-parts">
              {parts.map((part) => (
                <li key={part.pointer}>
                  <code>{part.pointer}</code> {fieldText(part)}
                </li>
              ))}
            </ul>
          )}
          {advice && <span>{advice}</span>}
          {error.requestId && (
            <span className="muted">
              {t('problem.requestId', { id: error.requestId })}
              <CopyButton text={error.requestId} what={t('problem.copyId')} />
            </span>
          )}
        </Flex>
      }
    />
  );
}
