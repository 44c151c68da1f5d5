import { LoadingOutlined } from '@ant-design/icons';
import { type QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { App as AntApp, ConfigProvider } from 'antd';
import { StrictMode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { RouterProvider } from 'react-router';

import { Icon } from '../components/Icon';
import { antdLocale, currentLanguage } from '../i18n';
import { AppearanceProvider } from './appearance';
import { useAppearance } from './appearanceContext';
import { newRouter } from './router';
import { themes } from './theme';

import '../styles/components.css';

// A button keeps its loading icon, unseen, when its work is quick: it must not become a part of the button's name.
const BUTTON = { autoInsertSpace: false, loadingIcon: <Icon of={LoadingOutlined} /> };

/** Everything that a page stands on. */
export function App({ client }: { client: QueryClient }) {
  return (
    <StrictMode>
      <QueryClientProvider client={client}>
        <AppearanceProvider>
          <Themed />
        </AppearanceProvider>
      </QueryClientProvider>
    </StrictMode>
  );
}

function Themed() {
  useTranslation(); // shows another language when it is chosen
  const [router] = useState(newRouter);
  const { scheme } = useAppearance();
  const locale = antdLocale(currentLanguage());
  return (
    <ConfigProvider theme={themes[scheme]} button={BUTTON} {...(locale && { locale })}>
      <AntApp component={false} message={{ maxCount: 3 }}>
        <RouterProvider router={router} />
      </AntApp>
    </ConfigProvider>
  );
}
