/** DynamoDB actions on the table, without the `dynamodb:` prefix. A transaction needs the actions of its parts. */
export type TableAction =
  | 'BatchGetItem'
  | 'BatchWriteItem'
  | 'ConditionCheckItem'
  | 'DeleteItem'
  | 'GetItem'
  | 'PutItem'
  | 'Query'
  | 'Scan'
  | 'UpdateItem';

export type IndexName = 'GSI1' | 'GSI2' | 'GSI3' | 'GSI4';

/**
 * Partition keys of the work of tenants, and of walks over all of them: what every function with a write action may write.
 * They leave out who may do what (members, machines, tenants), so that a function which talks to the outside cannot make
 * itself an approver. Patterns of IAM's StringLike: `*` is any run of characters, but no id and no name holds a `#`, so
 * three of them keep `T#<tenant>#MACHINES` out. A test puts every key builder on one side or the other.
 */
export const WORK_KEYS = ['T#*#*#*', 'T#*#DENIALS', 'SYS#CURSORS', 'SYS#NEWS#*'] as const;

/** Partition keys of what a bearer secret opens (approval links, sessions of the pages, invitations), and of who is who in Slack. */
export const BEARER_KEYS = ['LINK#*', 'SESSION#*', 'SLACK#*', 'SLACKMEMBER#*', 'SLACKINVITE#*'] as const;

/** Third part of a secret's name, `sluice/<tenant>/<purpose>/…`; the domain's list has the same words. */
export type SecretPurpose = 'webhook' | 'slack' | 'gate' | 'registry' | 'gateway';

/** What a function may do. Each grant also sets the variable by which its code finds the resource. */
export type Grants = {
  readonly table?: {
    readonly actions: readonly TableAction[];
    readonly indexes?: readonly IndexName[];
    /** Keys outside those of tenants that it may write beside `WORK_KEYS`. */
    readonly opens?: readonly (typeof BEARER_KEYS)[number][];
    /** May write any key, not only `WORK_KEYS`. */
    readonly administers?: true;
  };
  /** May put events on the bus. */
  readonly publishes?: true;
  /** May start executions of the promotion workflow; the code is told which. */
  readonly starts?: true;
  /** May answer task tokens of the promotion workflow; a token names its execution. */
  readonly wakes?: true;
  /** May set, move and take back alarms, which call the function of the trigger `alarm`. */
  readonly schedules?: true;
  /** May sign with the key of the audit. */
  readonly signs?: true;
  /** May read the public half of that key. */
  readonly shows_key?: true;
  /** May read the objects of the logs of tenants; or also write them, never delete them, and sign with the key of the logs. */
  readonly log?: 'reads' | 'writes';
  /** May read secrets named `sluice/<tenant>/<purpose>/…`, for these purposes. */
  readonly secrets?: readonly SecretPurpose[];
  /** May send mail, from one address. */
  readonly mails?: true;
  /** Knows where people reach the pages: it makes links to them. */
  readonly links?: true;
  /** Asks the identity provider of people who they are. */
  readonly identifies?: true;
  /** Knows where flags are streamed. */
  readonly streams?: true;
  /** Knows where promotions go as traces. */
  readonly traces?: true;
  /** May send messages to these queues. */
  readonly sends?: readonly QueueName[];
};

/** A queue exists when a function declares that it calls it. */
export type QueueName = 'deliveries' | 'slack-actions';

/** What calls a function. */
export type Trigger =
  | { readonly type: 'http'; readonly paths: readonly HttpPath[] }
  /** A URL of its own, whose answers are streams, where the operator allows streams; the function checks who calls. */
  | { readonly type: 'stream' }
  | { readonly type: 'state'; readonly substitution: string }
  /** `last`: of what is announced together, the last event alone, which speaks for all. */
  | { readonly type: 'bus'; readonly detailTypePrefixes: readonly string[]; readonly last?: true }
  | { readonly type: 'rate'; readonly minutes: number }
  /**
   * The messages of a queue, up to `batch` of them in one call. `concurrency`: calls at once (2 to 1,000). `ordered`: a FIFO
   * queue; then a call gets one message, so that no group waits for the work of another.
   */
  | {
      readonly type: 'queue';
      readonly queue: QueueName;
      readonly batch: number | 'ordered';
      readonly concurrency: number;
      /** What people suffer when its messages end among the dead letters. */
      readonly impact: string;
    }
  /** Called by alarms, one-time schedules; there is one such function. */
  | { readonly type: 'alarm' }
  | { readonly type: 'pre-token-generation' }
  /** Invoked by an operator (locally by the runtime's first start), never by a rule. */
  | { readonly type: 'seed' };

/** The path of what no other route takes. */
export const ELSE = '$default';

export type HttpPath = {
  /** Begins with `/`, or is `ELSE`. */
  readonly path: string;
  /** Everything under the path too, or that alone: what has a longer path declared goes there. */
  readonly below: boolean | 'only';
  /** Lets requests through without an identity. */
  readonly open: false | OpenPath;
};

/** An open path. `pages`: only the API of people has it. `reason`: why nobody has to be known there. */
export type OpenPath = {
  /** Lets these through; absent: all, where the function says which it knows. */
  readonly methods?: readonly ('POST' | 'OPTIONS')[];
  readonly pages: boolean;
  readonly reason: string;
};

export type FunctionDeclaration = {
  readonly name: string;
  /** Source file, below `functions/handlers/`. */
  readonly entry: string;
  readonly description: string;
  /** The files of the dashboard lie beside its bundle. */
  readonly site?: true;
  /** The guides lie beside its bundle. */
  readonly guides?: true;
  /** The stack asks it to judge the table before any other function is changed. */
  readonly judges?: true;
  /** MB. CPU grows with it: 1,769 MB is one full core. */
  readonly memory: number;
  /** Seconds. */
  readonly timeout: number;
  readonly trigger: Trigger;
  readonly grants: Grants;
};

/** Actions that change an item; all others only look at it. */
export const WRITES = [
  'BatchWriteItem',
  'DeleteItem',
  'PutItem',
  'UpdateItem',
] as const satisfies TableAction[];
