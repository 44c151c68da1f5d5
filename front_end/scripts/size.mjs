// Compressed JavaScript that the first page loads: the entry, all that it imports, and the texts of one language. Fails
// above the limit.
import { readFile } from 'node:fs/promises';
import process from 'node:process';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

const LIMIT_KB = 400;
const NEXT = ['src/i18n/zh.ts'];
const dist = new URL('../dist/', import.meta.url);

/** @type {Record<string, { file: string, isEntry?: boolean, imports?: string[] }>} */
const manifest = JSON.parse(await readFile(new URL('.vite/manifest.json', dist), 'utf8'));
/** @type {Set<string>} */
const files = new Set();
/** @param {string} name */
function add(name) {
  const chunk = manifest[name];
  if (!chunk) throw new Error(`${name} is not in the build's manifest`);
  if (files.has(chunk.file)) return;
  files.add(chunk.file);
  for (const inner of chunk.imports ?? []) add(inner);
}
for (const [name, chunk] of Object.entries(manifest)) if (chunk.isEntry) add(name);
for (const name of NEXT) add(name);

let [gzip, brotli] = [0, 0];
for (const file of files) {
  if (!file.endsWith('.js')) continue;
  const bytes = await readFile(new URL(file, dist));
  gzip += gzipSync(bytes, { level: 9 }).length;
  brotli += brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }).length;
}
const kb = (/** @type {number} */ bytes) => (bytes / 1000).toFixed(0);
console.log(
  `first page: ${kb(gzip)} kB gzip, ${kb(brotli)} kB brotli of JavaScript (limit ${LIMIT_KB} kB gzip)`,
);
if (gzip > LIMIT_KB * 1000) process.exitCode = 1;
