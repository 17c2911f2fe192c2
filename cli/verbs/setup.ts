import { Command } from 'commander';
import type { Bind } from '../verb.ts';
import { setupAws } from './setup-aws.ts';

/** `sluice setup …`. */
export const setup = (bind: Bind): Command =>
  new Command('setup').description('make an installation ready for its first day').addCommand(setupAws(bind));
