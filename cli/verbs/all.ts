import type { Command } from 'commander';
import type { Bind } from '../verb.ts';
import { apply } from './apply.ts';
import { audit } from './audit.ts';
import { config } from './config.ts';
import { contexts } from './contexts.ts';
import { approve, reject, requestChanges, resubmit } from './decide.ts';
import { diff } from './diff.ts';
import { doctor } from './doctor.ts';
import { evidence } from './evidence.ts';
import { cancel, execute, retry, schedule } from './execute.ts';
import { flag } from './flag.ts';
import { flagKey } from './flag-key.ts';
import { freeze } from './freeze.ts';
import { gate } from './gate.ts';
import { inbox, list } from './list.ts';
import { lock, unlock } from './lock.ts';
import { login } from './login.ts';
import { NOUNS } from './nouns.ts';
import { promote } from './promote.ts';
import { pins, publish, versions } from './publish.ts';
import { record } from './record.ts';
import { rollback } from './rollback.ts';
import { show } from './show.ts';
import { status } from './status.ts';
import { summary } from './summary.ts';
import { validate } from './validate.ts';
import { watch } from './watch.ts';
import { whoami } from './whoami.ts';

/** Every verb, in the order of `--help`. */
export const VERBS: readonly ((bind: Bind) => Command)[] = [
  login,
  whoami,
  contexts,
  status,
  list,
  inbox,
  show,
  watch,
  summary,
  diff,
  promote,
  approve,
  reject,
  requestChanges,
  resubmit,
  validate,
  execute,
  schedule,
  cancel,
  retry,
  rollback,
  config,
  flag,
  flagKey,
  record,
  publish,
  versions,
  pins,
  evidence,
  gate,
  ...NOUNS,
  freeze,
  apply,
  lock,
  unlock,
  audit,
  doctor,
];
