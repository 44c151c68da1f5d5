/** The column names in the first line of a table's text, whatever of the usual characters stands between them. */
export function columnsOf(text: string): string[] {
  const line = firstLine(text.replace(/^\uFEFF/, ''));
  if (!line) return [];
  const delimiter = [',', '\t', ';', '|'].reduce((best, candidate) =>
    line.split(candidate).length > line.split(best).length ? candidate : best,
  );
  return fields(line, delimiter).filter((name) => name !== '');
}

/** Up to a line's end that is not within quotes; nothing when the text is cut off before. */
function firstLine(text: string): string | undefined {
  let quoted = false;
  for (let index = 0; index < text.length; index += 1) {
    const char = text[index];
    if (char === '"') quoted = !quoted;
    else if (!quoted && (char === '\n' || char === '\r')) return text.slice(0, index);
  }
  return undefined;
}

function fields(line: string, delimiter: string): string[] {
  const found: string[] = [];
  let field = '';
  let quoted = false;
  for (let index = 0; index < line.length; index += 1) {
    const char = line[index] ?? '';
    if (quoted && char === '"' && line[index + 1] === '"') {
      field += '"';
      index += 1;
    } else if (char === '"') quoted = !quoted;
    else if (char === delimiter && !quoted) {
      found.push(field);
      field = '';
    } else field += char;
  }
  return [...found, field];
}
