import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';

/** Names the browser's tab. `PageHeader` does it for pages in the shell. */
export function useDocumentTitle(title: string): void {
  const { t } = useTranslation();
  const product = t('product');
  useEffect(() => {
    document.title = `${title} · ${product}`;
  }, [title, product]);
}
