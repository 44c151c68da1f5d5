import type { operations } from '../../api/schema';
import type { JsonObject } from '../task-config/jsonObject';

type TableQuery = NonNullable<operations['objects_preview']['parameters']['query']>;

/** What a config says of how its table is read, for a question about it; what it leaves open is not said. */
export function tableSettings(config: JsonObject | null | undefined): TableQuery {
  const { delimiter, encoding, has_header, missing } = config ?? {};
  const isSaid = (value: unknown) => typeof value === 'string' && value !== '' && value !== 'auto';
  return {
    ...(isSaid(delimiter) && { delimiter: String(delimiter) }),
    ...(isSaid(encoding) && { encoding: String(encoding) }),
    ...(typeof has_header === 'boolean' && { has_header }),
    ...(Array.isArray(missing) && { missing: missing.map(String).join('\n') }),
  };
}
