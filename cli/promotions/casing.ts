import * as z from 'zod/mini';
import type { ConfigPromotionView } from '../../functions/contract/config-promotion-view.ts';
import { PromotionView } from '../../functions/contract/promotion-view.ts';
import { EXIT } from '../exit.ts';
import { Failure } from '../failure.ts';
import { lenient } from '../http/lenient.ts';

/** A config promotion as the other API shows it: the same members in snake_case, without those that only configuration has. */
export function inSnakeCase(promotion: ConfigPromotionView): PromotionView {
  const read = lenient(PromotionView, { ...NONE, ...Object(snakeCased(promotion)) });
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  const what = `${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}`;
  throw new Failure('unexpected_answer', EXIT.unavailable, `the server answered no promotion: ${what}`);
}

/** Members that say nothing of configuration: null, as the other API has them. */
const NONE = Object.fromEntries(
  Object.entries(PromotionView.shape)
    .filter(([, schema]) => z.safeParse(schema, null).success)
    .map(([name]) => [name, null]),
);

function snakeCased(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(snakeCased);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [snake(name), snakeCased(member)]));
}

const snake = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
