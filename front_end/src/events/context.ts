import { createContext } from 'react';

import type { LiveFeed } from './feed';

/** The feed of the signed-in operator. */
export const LiveContext = createContext<LiveFeed | null>(null);
