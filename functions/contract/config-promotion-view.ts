import * as z from 'zod/mini';
import { CONFIG_SELECTIONS } from '../domain/promotion/state.ts';
import { type CamelOf, camelView } from './camel-view.ts';
import { PromotionView } from './promotion-view.ts';

const text = z.nullable(z.string());

/** What a promotion of configuration adds to every promotion; `null` and empty for other kinds. */
export const CONFIG_MEMBERS = {
  promotionType: z.nullable(z.enum(CONFIG_SELECTIONS)),
  configIds: z.array(z.string()),
  flagIds: z.array(z.string()),
  keyPatterns: z.array(z.string()),
  prune: z.boolean(),
  notes: text,
  /** Of a rollback: what it takes back, and how. */
  rollbackOf: text,
  rollbackMode: z.nullable(z.enum(['restore', 'revert'])),
  /** What the change set comes to; `keys` are the first few. */
  changes: z.nullable(
    z.strictObject({ added: z.int(), modified: z.int(), removed: z.int(), keys: z.array(z.string()) }),
  ),
  /** Keys that changed in the target under an earlier plan. */
  conflicts: z.array(z.string()),
  /** What the request names and neither environment has. */
  unmatched: z.array(z.string()),
};

/** A promotion in camelCase, as the config-promotion document writes it: the members of the snake_case view, and what configuration adds. */
export const ConfigPromotionView = camelView(PromotionView, CONFIG_MEMBERS);
export interface ConfigPromotionView extends CamelOf<typeof PromotionView, typeof CONFIG_MEMBERS> {}
