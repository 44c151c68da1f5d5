import i18next from 'i18next';

import type { Code, ProblemPart } from '../api/error';
import { currentLanguage } from '../i18n';
import { inLanguage } from './inLanguage';

/** What was refused, and why: an error, or what a task says cannot be done with it. */
export interface Refused {
  code: Code;
  detail: string;
  /** The same in Chinese, where it says more than the code. */
  detail_zh?: string | null | undefined;
}

/** An error in words: what happened, more about it, and what to do. */
export interface ProblemText {
  title: string;
  /** In our words where the code says it all, else in the server's, which hold names and numbers. */
  detail: string;
  advice: string | undefined;
}

/** Puts an error into words of the operator's language. A code of a newer server has no words yet: its sentence tells. */
export function problemText({ code, detail, detail_zh }: Refused): ProblemText {
  return {
    title: i18next.t(knows(`title.${code}`) ? `problems:title.${code}` : 'problems:title.other'),
    detail: textOf(code) ?? sentenceOf(code, detail, detail_zh),
    advice: knows(`advice.${code}`) ? i18next.t(`problems:advice.${code as 'forbidden'}`) : undefined,
  };
}

/** The server's sentence; one in another language than the screen's only where the screen has no words at all. */
function sentenceOf(code: Code, detail: string, detail_zh: string | null | undefined): string {
  const language = currentLanguage();
  const sentence = inLanguage(language, detail, detail_zh);
  const foreign = sentence === detail && language !== 'en';
  return foreign && knows(`title.${code}`) ? '' : sentence;
}

/** The same in one line, for the place of a field. */
export function problemLine(refused: Refused): string {
  const { title, detail } = problemText(refused);
  return detail ? i18next.t('problems:sentence', { title, text: detail }) : title;
}

/** What is wrong with a field, in words; the server's where nothing better is known. */
export function fieldText(part: Pick<ProblemPart, 'detail'> & Partial<ProblemPart>): string {
  const { code, least, most } = part;
  const language = currentLanguage();
  const detail = inLanguage(language, part.detail, part.detail_zh);
  if (code === undefined || !knows(`field.${code}`)) return detail;
  // A detail in another language says less than none.
  const foreign = detail === part.detail && language !== 'en';
  if (foreign && knows(`fieldPlain.${code}`)) return i18next.t(`problems:fieldPlain.${code as 'malformed'}`);
  return i18next.t(`problems:field.${code as 'required'}`, { detail, least, most });
}

function textOf(code: string): string | undefined {
  return knows(`text.${code}`) ? i18next.t(`problems:text.${code as 'stale'}`) : undefined;
}

function knows(key: string): boolean {
  return i18next.exists(`problems:${key}`);
}
