import { memo } from 'react';
import { useTranslation } from 'react-i18next';

import type { LogLine } from '../../../api/logs';
import { inLanguage } from '../../../components/inLanguage';

interface Props {
  line: LogLine;
  search: string | undefined;
}

/** A log line: when, how much it matters, which part of the job, and what it says. */
export const LogRow = memo(function LogRow({ line, search }: Props) {
  const { i18n } = useTranslation();
  const { at, level, role } = line;
  const text = inLanguage(i18n.language, line.text, line.zh);
  return (
    <>
      <time dateTime={at} title={at}>
        {clock(at)}
      </time>
      <span className="run-log-level" data-level={level}>
        {level}
      </span>
      <span className="run-log-role">{role}</span>
      <span className="run-log-text">{search ? <Marked text={text} search={search} /> : text}</span>
    </>
  );
});

function Marked({ text, search }: { text: string; search: string }) {
  const parts: { text: string; hit: boolean }[] = [];
  const [where, what] = [text.toLowerCase(), search.toLowerCase()];
  let from = 0;
  for (let hit = where.indexOf(what); hit >= 0; hit = where.indexOf(what, from)) {
    parts.push(
      { text: text.slice(from, hit), hit: false },
      { text: text.slice(hit, hit + what.length), hit: true },
    );
    from = hit + what.length;
  }
  parts.push({ text: text.slice(from), hit: false });
  return parts.map((part, index) => (part.hit ? <mark key={index}>{part.text}</mark> : part.text));
}

/** The time of day in the browser's zone, to the millisecond. `Intl` is too slow for a thousand of them a second. */
function clock(at: string): string {
  const time = new Date(at);
  const two = (value: number) => String(value).padStart(2, '0');
  const fraction = String(time.getMilliseconds()).padStart(3, '0');
  return `${two(time.getHours())}:${two(time.getMinutes())}:${two(time.getSeconds())}.${fraction}`;
}
