/** A text of an engine in the console's language; in English where there is no other. */
export function inLanguage<En extends string | null | undefined>(
  language: string,
  en: En,
  zh: string | null | undefined,
): En | string {
  return language.startsWith('zh') && zh ? zh : en;
}
