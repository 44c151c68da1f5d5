import type { operations } from '../../api/schema';

type ReadingQuery = NonNullable<operations['objects_profile']['parameters']['query']>;

/** What was said of how a table is read, for the server; what it is to find out by itself is left out. */
export function readingOf({ delimiter, encoding, has_header }: Record<string, unknown>): ReadingQuery {
  const isSaid = (value: unknown): value is string => typeof value === 'string' && value !== 'auto';
  return {
    ...(isSaid(delimiter) && { delimiter }),
    ...(isSaid(encoding) && { encoding }),
    ...(typeof has_header === 'boolean' && { has_header }),
  };
}
