import type { LogObjects } from '../../ports/log-objects.ts';
import type { LogTree } from '../../ports/log-tree.ts';

/** Where logs are kept: their heads in the table, what they hold as objects. */
export type LogStores = { readonly logTree: LogTree; readonly logObjects: LogObjects };
