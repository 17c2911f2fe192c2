import type { OverviewView } from '../../functions/contract/overview.ts';
import { spokenInstant } from '../../functions/domain/instant.ts';
import { Digest } from '../parts/digest.tsx';
import { Icon } from '../parts/icon.tsx';
import { now, Time } from '../parts/time.tsx';
import { pathTo } from '../router.ts';
import { inCell, told } from '../words/promotion.ts';
import { statusLook, subjectName } from '../words/status.ts';
import { ago } from '../words/time.ts';
import { type Cell, labelOf, type Row } from './rows.ts';

type Place = OverviewView['environments'][number];

/** What a kind is called where there is room. */
export const KIND_WORDS = { config: 'configs and flags', artifact: 'artifact', agent: 'agent' } as const;

/** How the boards between two cells look, by the status of what waits there. */
const BOARD: { readonly [status: string]: string } = {
  pending: 'w',
  blocked: 'x',
  approved: 'ok1',
  scheduled: 'h',
  executing: 'm',
};

/** The head of the matrix: the environments from left to right, and what stops them. */
export const MatrixHead = ({ places }: { readonly places: readonly Place[] }) => (
  <div class="mx-r hd" role="row">
    <div class="mx-s" role="columnheader">
      Subject
    </div>
    {places.map((place, at) => (
      <>
        {at === 0 ? undefined : <div class="ch" aria-hidden="true" />}
        <PlaceHead place={place} />
      </>
    ))}
  </div>
);

const PlaceHead = ({ place }: { readonly place: Place }) => {
  const { name, aliases, lock, freeze } = place;
  const stopped = lock !== null ? 'lock' : freeze !== null ? 'freeze' : '';
  return (
    <div class={`env ${stopped}`} role="columnheader">
      <b>
        <a href={pathTo('environments', name)}>
          <span class="short" aria-hidden="true">
            {aliases[0] ?? name}
            {stopped === '' ? undefined : <Icon name={stopped === 'lock' ? 'lock' : 'freeze'} tone="s" />}
          </span>
          <span class="full">{name}</span>
        </a>
      </b>
      {lock !== null ? (
        <span class="t-wait" title={`Locked: ${lock.reason}`}>
          <Icon name="lock" tone="s" /> Locked, {lock.reason}
        </span>
      ) : freeze !== null ? (
        <span class="t-hold" title={freeze.reason}>
          <Icon name="freeze" tone="s" /> Frozen
          {freeze.ends_at === null ? '' : ` until ${spokenInstant(freeze.ends_at)}`}
        </span>
      ) : (
        <span>{place.protected ? 'Protected' : 'Open'}</span>
      )}
    </div>
  );
};

/** One subject through all environments: the profile of a canal. The keys of the matrix lead to its places, so none is a stop of its own. */
export const MatrixRow = ({ row }: { readonly row: Row }) => (
  <div class="mx-r" role="row" data-row>
    <div class="mx-s" role="rowheader" tabIndex={-1}>
      <a href={pathTo('subjects', row.kind, row.name)} tabIndex={-1}>
        {subjectName(row)}
      </a>
      <span class="k">
        <Icon name={row.kind} tone="s" /> {KIND_WORDS[row.kind]}
      </span>
    </div>
    {row.cells.map((cell, at) => (
      <>
        {at === 0 ? undefined : <Channel from={row.cells[at - 1]} to={cell} />}
        <MatrixCell cell={cell} />
      </>
    ))}
  </div>
);

const Channel = ({ from, to }: { readonly from: Cell | undefined; readonly to: Cell }) => {
  const { promotion } = to;
  const board = promotion === undefined ? '' : (BOARD[promotion.status] ?? '');
  return (
    <div class={`ch a${from?.level ?? 0} b${to.level} ${board}`} aria-hidden="true">
      {promotion === undefined ? undefined : (
        <>
          <span class="fl" />
          <Icon name={statusLook(promotion.status).icon} tone="g" />
          <i />
        </>
      )}
    </div>
  );
};

const MatrixCell = ({ cell }: { readonly cell: Cell }) => {
  const { active, level, same, others, promotion } = cell;
  const lower = level > 0 && level < 4 && !same && promotion === undefined;
  return (
    <div class={`c l${level} ${same ? 'same' : ''} ${lower ? 'behind' : ''}`} role="cell" tabIndex={-1}>
      <span class="v">{active === undefined ? 'none' : labelOf(active)}</span>
      {promotion !== undefined ? (
        <Moving cell={cell} />
      ) : active === undefined ? (
        <span class="m">never deployed</span>
      ) : (
        <span class={lower ? 'm t-wait' : 'm'} title={`${active.digest}, ${ago(active.since, now.value)}`}>
          {lower ? (
            <>
              <Icon name="behind" tone="s" /> other content
              <span class="dsc">
                , <Time at={active.since} bare />
              </span>
            </>
          ) : (
            <>
              <Digest of={active.digest} />
              <span class="ag">
                {' · '}
                <Time at={active.since} bare />
              </span>
            </>
          )}
          {others > 0 ? `, ${others} gateways differ` : ''}
        </span>
      )}
    </div>
  );
};

const Moving = ({ cell: { promotion } }: { readonly cell: Cell }) => {
  if (promotion === undefined) return undefined;
  const { text, tone } = inCell(told(promotion));
  return (
    <span class={`p t-${tone}`}>
      <a href={pathTo('promotions', promotion.id)} title={text} tabIndex={-1}>
        {promotion.type === 'rollback' ? 'rollback ' : ''}
        {text}
      </a>
    </span>
  );
};
