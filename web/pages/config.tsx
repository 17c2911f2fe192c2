import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { useData } from '../api/data.ts';
import { useEnvironments } from '../api/environments.ts';
import { Editor, flagShown, inLine } from '../config/editor.tsx';
import { type Kind, readEntries } from '../config/entries.ts';
import { iMay } from '../me.ts';
import { Flag } from '../parts/flag.tsx';
import { Icon } from '../parts/icon.tsx';
import { Empty, Loading, Note, ProblemNote } from '../parts/notes.tsx';
import { Pager } from '../parts/pager.tsx';
import { go, pathTo } from '../router.ts';

/** What an environment holds: its configs and flags, to read and to edit. */
export const Config = ({ env }: { readonly env: string | undefined }) => {
  const { value: all, problem } = useEnvironments();
  useEffect(() => {
    document.title = `Configuration of ${env ?? 'an environment'} · Sluice`;
  }, [env]);
  const here =
    all?.find((one) => one.name === env || (env !== undefined && one.aliases.includes(env))) ?? all?.[0];
  return (
    <>
      <div class="head">
        <div>
          <h1 class="sent">
            Configuration of <b>{here?.name ?? env ?? 'an environment'}</b>
          </h1>
          <p class="lead">
            Each change is a revision: who, when and why stand in its record, and it can be taken back.
          </p>
        </div>
        {all === undefined || here === undefined ? undefined : (
          <div class="btns">
            <div>
              <label class="f" for="env">
                Environment
              </label>
              <select
                class="in"
                id="env"
                value={here.name}
                onChange={({ currentTarget }) => go(pathTo('config', currentTarget.value))}
              >
                {all.map(({ name }) => (
                  <option key={name} value={name}>
                    {name}
                  </option>
                ))}
              </select>
            </div>
          </div>
        )}
      </div>
      {problem === undefined ? undefined : <ProblemNote problem={problem} />}
      {here === undefined ? (
        problem === undefined ? (
          <Loading rows={8} />
        ) : undefined
      ) : (
        <>
          {here.protected ? (
            <Note icon="lock" tone="wait">
              <p>
                <b>{here.name} is protected.</b> Its configuration comes by promotion; only an administrator
                edits it, with a reason.
              </p>
            </Note>
          ) : undefined}
          <List
            key={here.name}
            env={here.name}
            may={iMay(here.protected ? 'edit_protected_config' : 'edit_config', here.name)}
          />
        </>
      )}
    </>
  );
};

const List = ({ env, may }: { readonly env: string; readonly may: boolean }) => {
  const kind = useSignal<Kind>('config');
  const prefix = useSignal('');
  const cursors = useSignal<readonly string[]>([]);
  const open = useSignal<string | true | undefined>(undefined);
  const cursor = cursors.value.at(-1);
  const { value, problem, reload } = useData(
    `entries ${env} ${kind.value} ${prefix.value} ${cursor}`,
    (signal) => readEntries(env, kind.value, { prefix: prefix.value, cursor }, signal),
  );
  const close = (changed: boolean) => {
    open.value = undefined;
    if (changed) reload();
  };
  return (
    <>
      <search class="filter">
        <div class="q1">
          <Icon name="search" />
          <input
            class="in"
            type="search"
            aria-label="Keys that begin with"
            placeholder="Keys that begin with…"
            value={prefix.value}
            onChange={({ currentTarget }) => {
              cursors.value = [];
              prefix.value = currentTarget.value.trim();
            }}
          />
        </div>
        {(['config', 'flag'] as const).map((one) => (
          <button
            key={one}
            type="button"
            class="tog"
            aria-pressed={kind.value === one}
            onClick={() => {
              cursors.value = [];
              open.value = undefined;
              kind.value = one;
            }}
          >
            {one === 'config' ? 'Configs' : 'Flags'}
          </button>
        ))}
        {may ? (
          <button type="button" class="btn" onClick={() => (open.value = true)}>
            Add a {kind.value}
          </button>
        ) : (
          <span class="sm sec">You may read here: to edit requires the role developer or admin.</span>
        )}
        {value === undefined ? undefined : <span class="end">Revision {value.revision}</span>}
      </search>
      <section class="sect" aria-label="Entries">
        {open.value === true ? (
          <Editor env={env} kind={kind.value} entryKey={undefined} close={close} />
        ) : undefined}
        {problem === undefined ? undefined : <ProblemNote problem={problem} retry={reload} />}
        {value === undefined ? (
          problem === undefined ? (
            <Loading rows={8} />
          ) : undefined
        ) : value.items.length === 0 ? (
          <Empty
            title={
              prefix.value === '' ? `No ${kind.value} is here yet` : `No key begins with ${prefix.value}`
            }
          >
            <p>Set one here, import a file, or promote from the environment before.</p>
            <code>sluice config set {env} my.key value</code>
          </Empty>
        ) : (
          <ul class="rows">
            {value.items.map((entry) => (
              <li key={entry.key} class="entry" data-row>
                {open.value === entry.key ? (
                  <Editor env={env} kind={kind.value} entryKey={entry.key} close={close} />
                ) : (
                  <>
                    <span class="ky">{entry.key}</span>
                    <span class="val">
                      {entry.kind === 'flag' ? <Flag of={flagShown(entry)} /> : inLine(entry)}
                    </span>
                    {may && !('secretRef' in entry && entry.secretRef !== undefined) ? (
                      <button type="button" class="btn bare" onClick={() => (open.value = entry.key)}>
                        Edit<span class="sr"> {entry.key}</span>
                      </button>
                    ) : undefined}
                  </>
                )}
              </li>
            ))}
          </ul>
        )}
        {value === undefined ? undefined : (
          <Pager cursors={cursors} next={value.next} words={['Back', 'Next keys']} />
        )}
      </section>
    </>
  );
};
