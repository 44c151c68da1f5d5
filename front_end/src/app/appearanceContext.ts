import { createContext, useContext } from 'react';

export type ThemeChoice = 'light' | 'dark' | 'system';

/** The colour scheme. */
export interface Appearance {
  /** What the operator chose. */
  choice: ThemeChoice;
  /** What is shown. */
  scheme: 'light' | 'dark';
  choose: (choice: ThemeChoice) => void;
}

export const AppearanceContext = createContext<Appearance>({
  choice: 'system',
  scheme: 'light',
  choose: () => undefined,
});

/** The colour scheme, for what has colours of its own (charts, editors). */
export function useAppearance(): Appearance {
  return useContext(AppearanceContext);
}
