// Generates src/api/schema.d.ts from the description of the operator API, or (without --write) fails when it is stale.
import { readFile, writeFile } from 'node:fs/promises';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import openapiTS, { astToString } from 'openapi-typescript';

const description = new URL('../../docs/openapi.json', import.meta.url);
const target = new URL('../src/api/schema.d.ts', import.meta.url);
const banner = '// Generated from docs/openapi.json by `npm run generate:api`. Do not edit.\n\n';

export async function generate() {
  return banner + astToString(await openapiTS(description, { alphabetize: true, defaultNonNullable: false }));
}

export async function isStale() {
  const [fresh, present] = await Promise.all([generate(), readFile(target, 'utf8').catch(() => '')]);
  return fresh !== present;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  if (process.argv.includes('--write')) {
    await writeFile(target, await generate());
  } else if (await isStale()) {
    console.error('src/api/schema.d.ts does not fit docs/openapi.json: run `npm run generate:api`.');
    process.exitCode = 1;
  }
}
