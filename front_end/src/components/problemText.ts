import i18next from 'i18next';

import type { Code, ProblemPart } from '../api/error';

/** What was refused, and why: an error, or what a task says cannot be done with it. */
export interface Refused {
  code: Code;
  detail: string;
}

/** An error in words: what happened, more about it, and what to do. */
export interface ProblemText {
  title: string;
  /** In our words where the code says it all, else in the server's, which hold names and numbers. */
  detail: string;
  advice: string | undefined;
}

/** Puts an error into words of the operator's language. A code of a newer server has no words yet: its sentence tells. */
export function problemText({ code, detail }: Refused): ProblemText {
  return {
    title: i18next.t(knows(`title.${code}`) ? `problems:title.${code}` : 'problems:title.other'),
    detail: textOf(code) ?? detail,
    advice: knows(`advice.${code}`) ? i18next.t(`problems:advice.${code as 'forbidden'}`) : undefined,
  };
}

/** The same in one line, for the place of a field. */
export function problemLine(refused: Refused): string {
  const { title, detail } = problemText(refused);
  return i18next.t('problems:sentence', { title, text: detail });
}

/** What is wrong with a field, in words; the server's where nothing better is known. */
export function fieldText(part: Pick<ProblemPart, 'detail'> & Partial<ProblemPart>): string {
  const { code, detail, least, most } = part;
  if (code === undefined || !knows(`field.${code}`)) return detail;
  return i18next.t(`problems:field.${code as 'required'}`, { detail, least, most });
}

function textOf(code: string): string | undefined {
  return knows(`text.${code}`) ? i18next.t(`problems:text.${code as 'stale'}`) : undefined;
}

function knows(key: string): boolean {
  return i18next.exists(`problems:${key}`);
}
