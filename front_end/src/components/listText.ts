/** Words as a list: "tables, runs". `Intl.ListFormat` joins Chinese words without anything between them. */
export function listText(words: readonly string[], language: string): string {
  return words.join(language.startsWith('zh') ? '、' : ', ');
}
