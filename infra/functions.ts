import type { FunctionDeclaration } from './declaration.ts';
import { BACKGROUND_FUNCTIONS } from './functions/background.ts';
import { CONFIG_FUNCTIONS } from './functions/config.ts';
import { HTTP_FUNCTIONS } from './functions/http.ts';
import { NOTIFICATION_FUNCTIONS } from './functions/notifications.ts';
import { PAGE_FUNCTIONS } from './functions/pages.ts';
import { SLACK_FUNCTIONS } from './functions/slack.ts';
import { WORKFLOW_FUNCTIONS } from './functions/workflow.ts';

/**
 * Every Lambda function of Sluice, declared once: the bundler reads the entries, the stack the rest, and tests compare
 * the grants with the calls that functions really make. Adding a function is one entry in one of the lists.
 */
export const FUNCTIONS = [
  ...HTTP_FUNCTIONS,
  ...CONFIG_FUNCTIONS,
  ...PAGE_FUNCTIONS,
  ...WORKFLOW_FUNCTIONS,
  ...BACKGROUND_FUNCTIONS,
  ...NOTIFICATION_FUNCTIONS,
  ...SLACK_FUNCTIONS,
] as const satisfies readonly FunctionDeclaration[];

export type FunctionName = (typeof FUNCTIONS)[number]['name'];
