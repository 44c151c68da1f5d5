/** A name for an attached file that the version does not have yet: "table", then "table-2" and so on. */
export function freeName(wanted: string, taken: readonly string[]): string {
  if (!taken.includes(wanted)) return wanted;
  let count = 2;
  while (taken.includes(`${wanted}-${count}`)) count += 1;
  return `${wanted}-${count}`;
}

/** A file's name without folder and ending, as a name that a config can use. */
export function stemOf(file: string): string {
  const base = file.slice(file.lastIndexOf('/') + 1);
  const dot = base.lastIndexOf('.');
  return (dot > 0 ? base.slice(0, dot) : base).trim() || 'table';
}

const WORDS = [
  'amber',
  'birch',
  'cedar',
  'coral',
  'delta',
  'ember',
  'fjord',
  'grove',
  'heron',
  'indigo',
  'juniper',
  'kelp',
  'lagoon',
  'maple',
  'nectar',
  'olive',
  'pearl',
  'quartz',
  'raven',
  'sage',
  'tundra',
  'umber',
  'violet',
  'willow',
] as const;

/** A word for two people to agree on: easy to say on the telephone, and hardly in use yet. */
export function suggestToken(task: string): string {
  const [a = 0, b = 0, number = 0] = crypto.getRandomValues(new Uint16Array(3));
  const stem = task
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');
  const words = `${WORDS[a % WORDS.length] ?? ''}-${WORDS[b % WORDS.length] ?? ''}-${10 + (number % 90)}`;
  return stem ? `${stem}-${words}` : words;
}
