import type { OutboxMessage } from '../../api/system';

/** What a message to a partner says; a newer server may know others. */
export const MESSAGE_KINDS = [
  'pair_partner',
  'unpair',
  'create_project',
  'update_project',
  'pair_task',
  'create_instance',
  'update_instance',
  'instance_status',
] as const;

/** What became of a message. */
export const MESSAGE_STATES = ['waiting', 'refused', 'delivered', 'given_up'] as const;
export type MessageState = (typeof MESSAGE_STATES)[number];

/** The page of what a message is about; undefined for what has none of its own. */
export function pageOf({ kind, about }: Pick<OutboxMessage, 'kind' | 'about'>): string | undefined {
  switch (kind) {
    case 'pair_partner':
    case 'unpair':
      return `/partners/${about}`;
    case 'create_project':
    case 'update_project':
      return `/projects/${about}`;
    case 'create_instance':
    case 'update_instance':
    case 'instance_status':
      return `/runs/${about}`;
    default:
      return undefined;
  }
}

/** Whether an operator can still do something about a message. */
export function isSteerable({ state }: Pick<OutboxMessage, 'state'>): boolean {
  return state !== 'delivered';
}
