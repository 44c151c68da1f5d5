// Compares the languages: the same namespaces, keys and placeholders in each, and no empty text; and each code of an error
// has a title, no text belongs to a code that there is not. That a key which is used also exists is checked by the types
// (src/i18n/i18next.d.ts).
import { readFile, readdir } from 'node:fs/promises';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

const description = new URL('../../docs/openapi.json', import.meta.url);
const folder = new URL('../src/i18n/', import.meta.url);
export const languages = ['en', 'zh'];
const PLURAL = /_(zero|one|two|few|many|other)$/;

/** @param {unknown} value @param {string} path @returns {[string, string][]} */
function leaves(value, path = '') {
  if (typeof value === 'string') return [[path, value]];
  return Object.entries(/** @type {object} */ (value)).flatMap(([key, inner]) =>
    leaves(inner, path ? `${path}.${key}` : key),
  );
}

/** Placeholders of a text, sorted. @param {string} text */
function placeholders(text) {
  return [...new Set(text.match(/\{\{\s*[\w.]+|<\/?\w+>/g) ?? [])].sort().join(' ');
}

/** One language's texts: key → placeholders. Plural forms of a key count as one key. @param {string} language */
async function read(language) {
  const names = (await readdir(new URL(`${language}/`, folder))).filter((name) => name.endsWith('.json'));
  /** @type {Map<string, string>} */
  const keys = new Map();
  /** @type {string[]} */
  const empty = [];
  for (const name of names) {
    const json = JSON.parse(await readFile(new URL(`${language}/${name}`, folder), 'utf8'));
    for (const [path, text] of leaves(json)) {
      const key = `${name.slice(0, -5)}:${path.replace(PLURAL, '')}`;
      if (!text.trim()) empty.push(`${language}: ${key} is empty`);
      // "One run" may leave out the count that the other form shows.
      if (!keys.has(key) || /_other$/.test(path)) keys.set(key, placeholders(text));
    }
  }
  return { keys, empty };
}

/** Codes that the page gives to what goes wrong before or after the server, and the title of codes it does not know. */
const OURS = ['network', 'unreadable', 'aborted', 'unexpected', 'other'];

/**
 * Where the texts of errors and the codes of the API's description do not fit each other.
 * @param {Iterable<string>} keys @param {string[]} errors the codes of errors @param {string[]} fields those of fields
 */
export function codeProblems(keys, errors, fields) {
  const known = new Set(keys);
  const codes = [...errors, ...OURS];
  // What `said` means is in the server's words only.
  const worded = fields.filter((code) => code !== 'said');
  const wanted = new Set([
    ...codes.map((code) => `problems:title.${code}`),
    ...worded.map((code) => `problems:field.${code}`),
  ]);
  const allowed = new Set([
    ...wanted,
    ...codes.flatMap((code) => [`problems:text.${code}`, `problems:advice.${code}`]),
    // For a detail that is not in the screen's language.
    ...worded.map((code) => `problems:fieldPlain.${code}`),
    'problems:sentence',
  ]);
  const extra = [...known].filter((key) => key.startsWith('problems:') && !allowed.has(key));
  return [
    ...[...wanted].filter((key) => !known.has(key)).map((key) => `${key} is missing`),
    ...extra.map((key) => `${key} belongs to no code`),
  ];
}

/** The codes that the API's description lists. @returns {Promise<[string[], string[]]>} */
async function describedCodes() {
  const { components } = JSON.parse(await readFile(description, 'utf8'));
  return [components.schemas.ErrorCode.enum, components.schemas.FieldCode.enum];
}

/** All that is wrong, one line each. */
export async function problems() {
  const [first, ...others] = await Promise.all(languages.map(read));
  const found = [...first.empty, ...codeProblems(first.keys.keys(), ...(await describedCodes()))];
  for (const [index, other] of others.entries()) {
    const [here, there] = [languages[0], languages[index + 1]];
    found.push(...other.empty);
    for (const [key, marks] of first.keys) {
      const theirs = other.keys.get(key);
      if (theirs === undefined) found.push(`${there}: ${key} is missing`);
      else if (theirs !== marks) found.push(`${there}: ${key} has other placeholders: ${theirs} | ${marks}`);
    }
    for (const key of other.keys.keys()) if (!first.keys.has(key)) found.push(`${here}: ${key} is missing`);
  }
  return found;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const found = await problems();
  for (const line of found) console.error(line);
  if (found.length > 0) process.exitCode = 1;
}
