import type { Locale } from 'antd/es/locale';
import dayjs from 'dayjs';
import i18next from 'i18next';
import { initReactI18next } from 'react-i18next';

import { read, write } from '../app/storage';

/** The languages, each named in itself. */
export const LANGUAGES = { en: 'English', zh: '中文' } as const;
export type Language = keyof typeof LANGUAGES;

const loaders = { en: () => import('./en'), zh: () => import('./zh') };
const antdLocales = new Map<Language, Locale>();

/** The language that the operator chose, or the first of the browser's that we have. */
export function preferredLanguage(): Language {
  const wanted = [read('language') ?? '', ...navigator.languages];
  return wanted.map((tag) => tag.split('-')[0]).find(isLanguage) ?? 'en';
}

function isLanguage(tag: string | undefined): tag is Language {
  return tag !== undefined && tag in LANGUAGES;
}

/** The language that is shown. */
export function currentLanguage(): Language {
  return isLanguage(i18next.language) ? i18next.language : 'en';
}

/** The texts of antd's own components. */
export function antdLocale(language: Language): Locale | undefined {
  return antdLocales.get(language);
}

/** Starts with the preferred language; only its texts are loaded. */
export async function startI18n(language = preferredLanguage()): Promise<void> {
  await i18next.use(initReactI18next).init({
    lng: language,
    defaultNS: 'common',
    ns: [],
    resources: {},
    partialBundledLanguages: true,
    returnNull: false,
    interpolation: { escapeValue: false },
    react: { useSuspense: false },
  });
  await load(language);
  apply(language);
}

/** Shows another language, and remembers it. */
export async function chooseLanguage(language: Language): Promise<void> {
  await load(language);
  write('language', language);
  await i18next.changeLanguage(language);
  apply(language);
}

async function load(language: Language): Promise<void> {
  if (antdLocales.has(language)) return;
  const { texts, antd } = await loaders[language]();
  for (const [file, keys] of Object.entries(texts)) {
    const namespace = file.slice(file.lastIndexOf('/') + 1, -'.json'.length);
    i18next.addResourceBundle(language, namespace, keys);
  }
  antdLocales.set(language, antd);
}

function apply(language: Language): void {
  document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en';
  dayjs.locale(language === 'zh' ? 'zh-cn' : 'en');
}
