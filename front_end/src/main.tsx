import { createRoot } from 'react-dom/client';

import { newQueryClient } from './api/queryClient';
import { sessionQuery } from './api/session';
import { App } from './app/App';
import { startI18n } from './i18n';

const root = document.getElementById('root');
if (!root) throw new Error('index.html has no #root');

const client = newQueryClient();
// Asked while the texts are loaded; whoever needs the answer finds it, or its error, in the cache.
client.query(sessionQuery).catch(() => undefined);
// No `await` here: it would keep the bundler from joining chunks.
void startI18n().then(() => createRoot(root).render(<App client={client} />));
