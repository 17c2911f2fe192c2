#!/usr/bin/env python3
"""Judges every completion in an export of Sluice's record by the rows of docs/legitimacy.md, and by nothing else.

usage: judge.py [--allow-not-judged-before DATE] [--quiet] EXPORT...   (a file of lines, a directory of such files, or - for standard input)

Answers a line for each completion: legitimate, illegitimate with each row and reason, or not judged with what is missing. Verify the export
first (`sluice audit verify`): this program takes chains and signatures as given. Exits 0, 16 (something is illegitimate), 17 (something is
only not judged), 2 (an export cannot be read). Python's standard library; `python-dateutil` for freezes that come again.
"""
import hashlib
import json
import os
import re
import sys
import unicodedata
from datetime import datetime, timedelta, timezone

try:
    from dateutil.rrule import rrulestr
    from zoneinfo import ZoneInfo
except ImportError: rrulestr = None

ROWS = {'J0': 'the record is whole', 'J1': 'the hop', 'J2': 'a rollback goes back', 'J3': 'stops', 'J4': 'requirements', 'J5': 'gates',
    'J6': 'the decision', 'J7': 'approvals', 'J8': 'what executes by itself', 'J9': 'who executed', 'J10': 'the destination',
    'J11': 'not alone', 'J12': 'the second admin', 'J13': 'amounts', 'J14': 'acts', 'J15': 'bookkeeping', 'J16': 'what is due'}
KINDS, TYPES = ('config', 'artifact', 'agent'), ('promotion', 'rollback')
DUTIES = ('requester', 'author', 'previous_promoter', 'evidence_producer')
DEFAULT_DUTIES = {'requester': True, 'author': False, 'previous_promoter': False, 'evidence_producer': False}
OF_A_ROLLBACK = ('policy_compliance', 'signature')
DECIDING = ('approver', 'promoter', 'admin')
OPEN_ENDS = ('PromotionCompleted', 'PromotionFailed', 'PromotionRejected', 'PromotionCancelled')
DAY = timedelta(hours=24)
RULES = {}

def rule(row):
    """Registers a rule under its row. A rule without a row of the table does not load."""
    if row not in ROWS: raise SystemExit(f'a rule cites {row}, which is no row of docs/legitimacy.md')
    def register(function):
        RULES.setdefault(row, []).append(function)
        return function
    return register

class NotJudged(Exception):
    """A fact is missing: the row has no answer."""

# Values ----------
def canonical(value):
    """RFC 8785."""
    if isinstance(value, bool) or value is None: return json.dumps(value)
    if isinstance(value, (int, float)): return number(value)
    if isinstance(value, str): return json.dumps(value, ensure_ascii=False)
    if isinstance(value, list): return '[' + ','.join(map(canonical, value)) + ']'
    members = sorted(value.items(), key=lambda member: member[0].encode('utf-16-be'))
    return '{' + ','.join(f'{json.dumps(name, ensure_ascii=False)}:{canonical(one)}' for name, one in members) + '}'

def number(value):
    if value == 0: return '0'
    if float(value).is_integer() and abs(value) < 1e21: return str(int(value))
    mantissa, _, exponent = repr(float(value)).partition('e')
    if not exponent: return mantissa
    power = int(exponent)
    if -7 < power < 0:
        digits = mantissa.replace('.', '').lstrip('-')
        return ('-' if value < 0 else '') + '0.' + '0' * (-power - 1) + digits
    return f'{mantissa}e{"+" if power > 0 else "-"}{abs(power)}'

def digest(domain, value):
    return 'sha256:' + hashlib.sha256(f'{domain}\n{canonical(value)}'.encode()).hexdigest()

def instant(text):
    found = datetime.fromisoformat(text.replace('Z', '+00:00'))
    return found if found.tzinfo else found.replace(tzinfo=timezone.utc)

def duration(text):
    """ISO 8601 without years and months, as settings have it; unreadable ones are endless."""
    found = re.fullmatch(r'P(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?', text)
    if found is None: return timedelta.max
    weeks, days, hours, minutes, seconds = (float(part or 0) for part in found.groups())
    return timedelta(weeks=weeks, days=days, hours=hours, minutes=minutes, seconds=seconds)

def met(condition, facts):
    """Whether a condition holds: True, False, or None where it has no answer, which is not met, and neither is its negation."""
    if 'all' in condition or 'any' in condition:
        word = 'all' if 'all' in condition else 'any'
        found = [met(child, facts) for child in condition[word]]
        decisive = word == 'any'
        if not found: return None
        return decisive if decisive in found else None if None in found else not decisive
    if 'not' in condition:
        inner = met(condition['not'], facts)
        return None if inner is None else not inner
    at, op, value = facts, condition.get('op'), condition.get('value')
    for name in condition.get('field', '').split('.'): at = at[name] if isinstance(at, dict) and name in at else MISSING
    if op == 'exists': return (at is not MISSING) == value if isinstance(value, bool) else None
    if at is MISSING: return None
    if op in ('eq', 'ne'): return None if kind_of(at) != kind_of(value) else (canonical(at) == canonical(value)) == (op == 'eq')
    if op in ('gt', 'gte', 'lt', 'lte'):
        if kind_of(at) != 'number' or kind_of(value) != 'number': return None
        return {'gt': at > value, 'gte': at >= value, 'lt': at < value, 'lte': at <= value}[op]
    if op in ('in', 'not_in'):
        same = [one for one in value if kind_of(one) == kind_of(at)] if isinstance(value, list) else []
        return None if not same else any(canonical(one) == canonical(at) for one in same) == (op == 'in')
    if op == 'contains' and isinstance(at, str) and isinstance(value, str): return value in at
    if op == 'contains' and isinstance(at, list): return any(canonical(one) == canonical(value) for one in at)
    return None

MISSING = object()

def kind_of(value):
    if isinstance(value, bool): return 'boolean'
    return 'number' if isinstance(value, (int, float)) else type(value).__name__

def mailbox(email):
    """One text for every spelling of an address."""
    text = ''.join(c for c in unicodedata.normalize('NFKC', email).strip() if unicodedata.category(c) != 'Cf')
    local, at, domain = text.rpartition('@')
    if not at: return text.casefold()
    try:
        domain = domain.rstrip('.').encode('idna').decode()
    except UnicodeError: domain = domain.rstrip('.')
    return (local.strip('"').split('+')[0] + '@' + domain).casefold()

# The record ----------
class Record:
    """Everything that one export says."""
    def __init__(self, lines):
        self.promotions, self.heads, self.changes, self.evidence, self.as_of = {}, {}, [], {}, None
        self.roots, self.machines = {}, {}
        for line in lines:
            item = json.loads(line)
            if 'event' in item: self.promotions.setdefault(item['chain'], []).append(item['event'])
            elif 'revision' in item: self.heads.setdefault(item['chain'], []).append(item['revision'])
            elif 'change' in item: self.changes.append(item['change'])
            elif 'evidence' in item: self.evidence[digest('sluice/evidence/v1', item['evidence'])] = item['evidence']
            elif 'checkpoint' in item: self.as_of = item['checkpoint'].get('as_of') or self.as_of
        for chain in [*self.promotions.values()]: chain.sort(key=lambda event: event['seq'])
        self.changes.sort(key=lambda change: change['seq'])
        self.known = {one['target']['id'] for one in self.changes if one['target']['type'] in ('member', 'machine')}
        self.known |= {who['subject'] for one in self.changes for who in (one.get('values', {}).get('after') or {}).get('members', [])}
        self.meet(self.promotions), self.meet(self.heads), self.meet(self.changes)
        self.weakenings = [found for change in self.changes for found in weakenings(self, change)]
    def meet(self, value):
        """Learns, from every place of the record, which subjects and mailboxes are one person, and whose a machine is."""
        if isinstance(value, list):
            for one in value: self.meet(one)
        elif isinstance(value, dict):
            subject, owner = value.get('subject'), value.get('owner')
            if isinstance(owner, str) and owner: self.machines.setdefault(subject if isinstance(subject, str) else value.get('id'), set()).add(owner)
            elif isinstance(subject, str) and isinstance(value.get('email'), str) and value['email']:
                self.roots[self.root(subject)] = self.root('<' + mailbox(value['email']))
            for one in value.values():
                if isinstance(one, (dict, list)): self.meet(one)
    def root(self, name):
        while name in self.roots and self.roots[name] != name: name = self.roots[name]
        return name
    def people(self, actor):
        """The people behind an actor: one, or for a machine all who have answered for it."""
        if actor['kind'] != 'machine': return {self.root(actor['subject'])}
        owners = self.machines.get(actor['subject'], set()) | ({actor['owner']} if actor.get('owner') else set())
        return {self.root('<' + mailbox(one) if '@' in one else one) for one in owners} or {actor['subject']}
    def same(self, one, other):
        return bool(self.people(one) & self.people(other))
    def world(self, environment=None, guard=None, at=None, ties=True, before=None):
        """What governed: after the changes below a sequence number, or as a decision of this guard and instant found it."""
        world = World()
        for change in self.changes:
            if before is not None:
                if change['seq'] >= before: break
            elif not self.precedes(change, environment, guard, at, ties): continue
            world.apply(change)
        return world
    @staticmethod
    def precedes(change, environment, guard, at, ties=True):
        """Whether a change came before a decision: by the guard of its target where both say it, else by the clock."""
        raised = change.get('guards', {}).get(environment)
        if raised is not None and guard is not None: return raised <= guard
        return change['at'] < at or (ties and change['at'] == at)

class World:
    """Environments, rules, policies, freezes, people: everything that governs, at one moment."""
    def __init__(self):
        self.of = {}
    def apply(self, change):
        kind, name = change['target']['type'], change['target']['id']
        after = change.get('values', {}).get('after')
        if kind == 'environment' and name == '*':
            for environment in self.all('environment').values():
                environment.pop('tenant_lock', None)
                if change['action'] == 'lock': environment['tenant_lock'] = after
            return
        if kind == 'tenant' and after is not None:
            for environment in after.get('environments', []): self.all('environment')[environment['name']] = dict(environment)
            for member in after.get('members', []): self.all('member')[member['subject']] = member
            return
        if after is None: self.all(kind).pop(name, None)
        else: self.all(kind)[name] = dict(after)
    def all(self, kind):
        return self.of.setdefault(kind, {})
    def environment(self, name):
        found = self.all('environment').get(name)
        if found is None: raise NotJudged(f'the environment {name}')
        return found
    def before(self, target):
        """The environment that promotes to this one: the only one of the next lower rank."""
        lower = [one for one in self.all('environment').values() if one['rank'] < self.environment(target)['rank']]
        last = max((one['rank'] for one in lower), default=None)
        names = [one['name'] for one in lower if one['rank'] == last]
        return names[0] if len(names) == 1 else None
    def who(self, actor):
        """A member or a machine as it stands here."""
        found = self.all('machine' if actor['kind'] == 'machine' else 'member').get(actor['subject'])
        return found if found is not None and found.get('status', 'active') == 'active' else None
    def may(self, actor, roles, environment):
        """Whether somebody holds one of these roles in an environment."""
        found = self.who(actor)
        return found is not None and any(
            grant['role'] in roles and grant.get('environment', environment) == environment for grant in found['grants'])
    def admins(self):
        return [one for one in self.all('member').values() if one['status'] == 'active'
                and any(grant['role'] == 'admin' and 'environment' not in grant for grant in one['grants'])]
    def asks(self, target, kind, kind_of_promotion, source=None):
        """What environment, rules and policies together ask of a promotion: the strictest word of each."""
        environment = self.environment(target)
        names = [target, *environment['aliases']]
        back = environment.get('rollback', {}).get('requires_approval') if kind_of_promotion == 'rollback' else None
        rules = [] if back is False else [
            one for one in self.all('rule').values() if one['status'] == 'active' and one['target_environment'] in names
            and (source is None or one['source_environment'] == source)]
        policies = [one for one in self.all('policy').values() if any(name == '*' or name in names for name in one['environments'])]
        groups = {}
        for one in policies:
            for quota in one['groups']:
                if quota['min'] > 0: groups[quota['group']] = max(quota['min'], groups.get(quota['group'], 0))
        approval = (environment['protected'] if back is None else back) or bool(groups) or any(
            one['requires_approval'] for one in rules) or any(one['required_approvers'] > 0 for one in policies)
        lengths = [one['expires_after'] for one in policies] or ['P7D']
        return {'required_approvers': max([1, *(one['required_approvers'] for one in [*rules, *policies])]) if approval else 0, 'groups': groups,
            'duties': {duty: any(one['separation_of_duties'].get(duty) for one in policies) for duty in DUTIES}
            if policies else DEFAULT_DUTIES,
            'expires_after': min([*lengths, 'P300D'], key=duration),
            'require_comment': any(one['require_comment'] for one in policies),
            'link_only': bool(policies) and all(one.get('link_only') for one in policies) and not environment['protected'],
            'protected': environment['protected'],
            'gates': {one['name']: one for one in environment['gates'] if one['mode'] == 'block' and kind in one['applies_to']
                      and (kind_of_promotion == 'promotion' or one['name'] in OF_A_ROLLBACK)}}

def sealed_asks(requirements):
    """Requirements as a promotion sealed them, in the same form."""
    return {**requirements, 'groups': {one['group']: one['min'] for one in requirements['groups']},
        'duties': requirements['separation_of_duties'], 'link_only': requirements.get('link_only', False),
        'gates': {one['name']: one for one in requirements['gates'] if one['mode'] == 'block'}}

def weaker(before, after):
    """What `after` lets through that `before` refused, by name."""
    found = []
    if after['required_approvers'] < before['required_approvers']:
        found.append(f'required_approvers {before["required_approvers"]} -> {after["required_approvers"]}')
    found += [f'group {name}' for name, least in before['groups'].items() if after['groups'].get(name, 0) < least]
    found += [f'duty {duty}' for duty in DUTIES if before['duties'].get(duty) and not after['duties'].get(duty)]
    if duration(after['expires_after']) > duration(before['expires_after']): found.append('expires_after')
    found += ['require_comment'] if before['require_comment'] and not after['require_comment'] else []
    found += ['link_only'] if after['link_only'] and not before['link_only'] else []
    found += ['protected'] if before['protected'] and not after['protected'] else []
    found += [f'gate {name}' for name, gate in before['gates'].items()
              if name != 'policy_compliance' and name not in after['gates'] or weaker_gate(gate, after['gates'].get(name, gate))]
    return found

def weaker_gate(before, after):
    if any(before.get(member) != after.get(member) for member in ('format', 'provider', 'signers')): return True
    old, new = before.get('max_age'), after.get('max_age')
    if old is not None and (new is None or duration(new) > duration(old)): return True
    if not set(after.get('producers') or []) <= set(before.get('producers') or []) or (before.get('producers') and not after.get('producers')):
        return True
    return not stricter(before.get('thresholds'), after.get('thresholds'))

def stricter(before, after):
    """Whether a condition lets through no more: equal, or each comparison of before is there, with a bound that is no wider."""
    if before is None or before == after: return True
    leaves = {(one.get('field'), one.get('op')): one.get('value') for one in (after or {}).get('all', [after or {}])}
    for one in before.get('all', [before]):
        bound = leaves.get((one.get('field'), one.get('op')), MISSING)
        old = one.get('value')
        if bound is MISSING or kind_of(bound) != 'number' or kind_of(old) != 'number':
            if bound != old: return False
        elif not (bound >= old if one['op'] in ('gt', 'gte') else bound <= old if one['op'] in ('lt', 'lte') else bound == old): return False
    return True

# What changes do ----------
class Weakening:
    """That a change weakened (W), redirected (R) or granted (G) something in one environment. `alone`: one admin may do it."""
    def __init__(self, change, environment, what, kinds=KINDS, is_a='W', alone=False, slot=None, granted=None):
        self.change, self.environment, self.what, self.kinds, self.is_a = change, environment, what, kinds, is_a
        self.alone, self.slot, self.granted = alone, slot, granted
    def by(self):
        return [self.change['actor'], *([self.change['confirmed_by']] if 'confirmed_by' in self.change else [])]

def weakenings(record, change):
    kind, values = change['target']['type'], change.get('values', {})
    if kind in ('tenant', 'pending_change') or change['actor']['kind'] == 'system': return []
    before, after = values.get('before'), values.get('after')
    old, new = record.world(before=change['seq']), record.world(before=change['seq'] + 1)
    places, found = list(old.all('environment')), []
    def add(environment, what, **more):
        found.append(Weakening(change, environment, what, **more))
    def differ(*members):
        return before is not None and any(before.get(member) != (after or {}).get(member) for member in members)
    if kind == 'environment' and change['target']['id'] == '*' and change['action'] == 'unlock':
        for name in places: add(name, 'the lock on everything', alone=True)
    if kind in ('environment', 'rule', 'policy'):
        for name in places:
            if name not in new.all('environment'): continue
            if new.before(name) != old.before(name) and new.before(name) is not None: add(name, 'the environment before it')
            for one in KINDS:
                names = [w for a in TYPES for w in weaker(old.asks(name, one, a), new.asks(name, one, a))]
                if names: add(name, ', '.join(dict.fromkeys(names)), kinds=(one,))
    if kind == 'environment' and before is not None and after is not None and 'name' in after:
        name = after['name']
        if 'lock' in before and 'lock' not in after: add(name, 'its lock', alone=True)
        if not set(before['owned_keys']) <= set(after['owned_keys']): add(name, 'owned_keys', kinds=('config',))
        if 'verification' in before and before['verification'] != after.get('verification'): add(name, 'verification')
        if differ('artifact_repository', 'tag_suffix'): add(name, 'where artifacts go', kinds=('artifact',), is_a='R')
    if kind == 'freeze' and before is not None and opens(before, after, change['at']):
        for name in places if before['environment'] == '*' else [before['environment']]: add(name, 'a freeze', alone=True)
    if kind == 'gateway' and differ('driver', 'endpoint', 'secret_ref', 'principal'):
        name = before['environment']
        add(name, f'where gateway {before["id"]} goes', kinds=('agent',), is_a='R', slot=f'{name}#{before["id"]}')
    if kind == 'registry' and differ('type', 'role', 'url', 'repository_prefix', 'secret_ref'):
        for name in places: add(name, f'where registry {before["id"]} is', kinds=('artifact',), is_a='R')
    if kind in ('member', 'machine') and after is not None:
        for name in places:
            groups = {group for one in KINDS for group in old.asks(name, one, 'promotion')['groups']} & set(after['groups'])
            gained = deciding(after, name) - deciding(before, name)
            taken = kind == 'machine' and differ('owner', 'account', 'role', 'unique_id') or kind == 'member' and differ('email')
            named = groups - set((before or {}).get('groups', []))
            if gained or (deciding(after, name) and (taken or named)):
                add(name, f'{kind} {change["target"]["id"]} decides', is_a='G', granted=change['target']['id'])
    return found

def deciding(person, environment):
    if person is None or person.get('status', 'active') != 'active': return set()
    return {grant['role'] for grant in person['grants'] if grant['role'] in DECIDING and grant.get('environment', environment) == environment}

def opens(before, after, at):
    """Whether less time is frozen than was."""
    if 'rrule' not in before and before['mode'] == 'deny' and before['ends_at'] <= at: return False
    if after is None: return before['mode'] == 'deny' or True
    if before.get('on_due') == 'fail' and after.get('on_due') == 'wait': return True
    if any(before.get(member) != after.get(member) for member in ('rrule', 'timezone', 'mode')): return True
    wider = (lambda a, b: a <= b) if before['mode'] == 'deny' else (lambda a, b: a >= b)
    kept = wider(after['starts_at'], max(before['starts_at'], '')) or (before['mode'] == 'deny' and after['starts_at'] <= at)
    return not (kept and wider(before['ends_at'], after['ends_at']))

def frozen(world, environment, at):
    """The freeze that stops an instant; what cannot be expanded is not judged unless another one stops it."""
    here = [one for one in world.all('freeze').values() if one['environment'] in (environment, '*')]
    unknown = None
    def holds(freeze):
        nonlocal unknown
        start, end, now = instant(freeze['starts_at']), instant(freeze['ends_at']), instant(at)
        if 'rrule' not in freeze: return start <= now < end
        if rrulestr is None:
            unknown = f'the recurrence of freeze {freeze["id"]} (python-dateutil is not there)'
            return False
        zone = ZoneInfo(freeze.get('timezone', 'UTC'))
        local, length = start.astimezone(zone).replace(tzinfo=None), end.astimezone(zone).replace(tzinfo=None) - start.astimezone(zone).replace(tzinfo=None)
        wall = now.astimezone(zone).replace(tzinfo=None)
        text = re.sub(r'UNTIL=(\d{8}T\d{6})Z', lambda m: 'UNTIL=' + datetime.strptime(m[1], '%Y%m%dT%H%M%S').replace(
            tzinfo=timezone.utc).astimezone(zone).strftime('%Y%m%dT%H%M%S'), freeze['rrule'])
        last = rrulestr(text, dtstart=local).before(wall, inc=True)
        return last is not None and wall < last + length
    for one in here:
        if one['mode'] == 'deny' and holds(one): return one
    for everywhere in (True, False):
        allowing = [one for one in here if one['mode'] == 'allow' and (one['environment'] == '*') == everywhere]
        if allowing and not any([holds(one) for one in allowing]):
            if unknown: raise NotJudged(unknown)
            return allowing[0]
    if unknown: raise NotJudged(unknown)
    return None

# A completion ----------
class Completion:
    """One promotion that went live, with what every rule asks of it."""
    def __init__(self, record, chain, events, ties=True):
        self.record, self.chain, self.events, self.ties = record, chain, events, ties
        self.asked = events[0]['event']
        self.start = [one for one in events if one['event']['type'] == 'ExecutionStarted'][-1]
        self.before = [one for one in events if one['seq'] < self.start['seq']]
        self.seal = self.last('PromotionAssessed')['event']['seal']
        self.target, self.kind, self.type = self.asked['target_environment'], self.asked['subject']['kind'], self.asked['promotion_type']
        self.at, self.id, self.rules = self.start['at'], self.asked['id'], self.asked.get('rules', 0)
        self.world = self.at_event(self.start)
        self.forward = self.type == 'rollback' and goes_forward(self)
        self.judged_as = 'promotion' if self.forward else self.type
        self.asks = self.world.asks(self.target, self.kind, self.judged_as, None if self.type == 'rollback' else self.asked['source_environment'])
    def last(self, kind):
        found = [one for one in self.before if one['event']['type'] == kind]
        return found[-1] if found else None
    def at_event(self, event):
        return self.record.world(self.target, event.get('guard'), event['at'], self.ties)
    def after(self, change, event):
        """Whether a change came after an event of this promotion."""
        return not self.record.precedes(change, self.target, event.get('guard'), event['at'], self.ties)
    def requesters(self):
        """Who stands behind the request: (actor, since)."""
        found = [(self.events[0]['actor'], self.events[0]['at'])]
        found += [(one, self.events[0]['at']) for one in self.asked.get('also_requested_by', [])]
        source = None
        for one in self.before:
            event = one['event']
            if event['type'] == 'PromotionAssessed':
                other = source is not None and event['seal']['manifest']['source']['digest'] != source
                source = event['seal']['manifest']['source']['digest']
                if other and one['actor']['kind'] != 'system': found.append((one['actor'], one['at']))
            if event['type'] == 'PromotionResubmitted' and 'request' in event: found.append((one['actor'], one['at']))
        return found
    def rule_authors(self):
        """Who made, last changed or confirmed the rule that asked."""
        if 'rule_id' not in self.asked: return []
        of = [one for one in self.record.changes if one['target'] == {'type': 'rule', 'id': self.asked['rule_id']}
              and not self.after(one, self.events[0])]
        return [] if not of else [(actor, self.events[0]['at']) for actor in Weakening(of[-1], self.target, '').by()]
    def weakened(self):
        """The weakenings that concern it: while it was open, or by one who asked for it, within 24 h."""
        behind = self.requesters() + self.rule_authors()
        def concerns(one):
            if one.environment != self.target or self.kind not in one.kinds or self.after(one.change, self.start): return False
            if one.slot is not None and one.slot != self.asked['target_slot']: return False
            if self.after(one.change, self.events[0]): return True
            near = [since for actor, since in behind if any(self.record.same(actor, by) for by in one.by())]
            return any(instant(since) - instant(one.change['at']) <= DAY for since in near)
        return [one for one in self.record.weakenings if concerns(one)]
    def weakener(self, actor):
        return next((one for one in self.weakened() if any(self.record.same(actor, by) for by in one.by())), None)
    def approvals(self):
        """Approvals that were not voided, with their event."""
        found = []
        for one in self.before:
            event = one['event']
            if event['type'] == 'ApprovalGranted': found.append((one, event['approval']))
            if event['type'] == 'ApprovalsVoided':
                found = [] if 'approvers' not in event else [(e, a) for e, a in found if a['actor']['subject'] not in event['approvers']]
        return found
    def barred(self, event, approval):
        """Why an approval does not count; None where it does."""
        actor, record = approval['actor'], self.record
        if approval['manifest_digest'] != self.seal['manifest_digest']: return 'approved another manifest'
        again = self.last('PromotionResubmitted')
        if again is not None and again['seq'] > event['seq']: return 'approved before it was put forward again'
        moved = [one for one in self.weakened() if one.is_a == 'R' and self.after(one.change, event)]
        if moved: return f'approved before {moved[0].what} was changed (change {moved[0].change["seq"]})'
        for when, world in (('then', self.at_event(event)), ('at the execution', self.world)):
            if not self.may(actor, ('approver',), world): return f'had no role to approve in {self.target} {when}'
            if actor['kind'] == 'machine' and not set(world.who(actor)['groups']) & set(self.asks['groups']):
                return f'is a machine in no group that a policy names, {when}'
        duties = self.asks['duties']
        if duties['requester']:
            if any(record.same(actor, one) for one, _ in self.requesters()): return 'asked for it'
            if any(record.same(actor, one) for one, _ in self.rule_authors()): return 'wrote the rule that asked for it'
            if 'rule_id' in self.asked and reads_reports(self.asked.get('rule', {}).get('conditions')):
                raise NotJudged('fact 3: whose reports the rule read')
        one = self.weakener(actor)
        if one is not None: return f'weakened it: {one.what} (change {one.change["seq"]})'
        granted = [one for one in self.weakened() if one.granted == actor['subject']
                   and any(record.same(by, who) for by in one.by() for who, _ in self.requesters())]
        if granted: return f'got the right from who asked for it (change {granted[0].change["seq"]})'
        if duties['evidence_producer'] and any(record.same(actor, one) for one in producers(self)): return 'brought its evidence'
        return took_part(self, actor) if self.type == 'promotion' else None
    def may(self, actor, roles, world):
        """Whether somebody holds one of these roles in the target. A person whom the record does not know is not judged."""
        if actor['subject'] not in self.record.known: raise NotJudged(f'who {actor["subject"]} is (members)')
        return world.may(actor, roles, self.target)
    def counted(self):
        """The approvals that count, each person once, why the others do not, and of which that is not known."""
        found, noes, unknown = [], [], []
        for event, approval in self.approvals():
            try:
                why = self.barred(event, approval)
            except NotJudged as fact:
                unknown.append((event, approval, fact))
                continue
            if why is None and any(self.record.same(approval['actor'], one['actor']) for _, one in found):
                why = 'is the same person as another approver'
            if why is None: found.append((event, approval))
            else: noes.append(f'{approval["actor"]["subject"]} {why}')
        return found, noes, unknown
    def executor(self):
        """Who asked for the execution: an actor, `automatic` or `schedule`."""
        event = self.last('ExecutionRequested')
        if event is None or self.rules < 1: raise NotJudged('fact 2: why it was executed')
        return event['event'].get('cause') or event['event'].get('by') or event['actor']

def reads_reports(condition):
    text = json.dumps(condition or {})
    return any(f'"{group}.' in text for group in ('tests', 'metrics', 'evidence'))

def producers(it):
    named = [one for gate in it.start['event']['decision']['gates'] for one in gate['evidence']]
    return [it.record.evidence[one]['producer'] for one in named if one in it.record.evidence]

def took_part(it, actor):
    """Why the duties `author` and `previous_promoter` bar an approver; where revisions do not tell, not judged."""
    record, subject, digest_ = it.record, it.asked['subject'], it.seal['manifest']['source']['digest']
    revisions = [one for chain in record.heads.values() for one in chain if one['slot']['subject'] == subject and one['at'] <= it.at]
    if it.asks['duties']['author']:
        own = [one for one in revisions if one['cause']['by'] != 'execute' and record.same(one['actor'], actor)]
        if it.kind == 'config':
            changed = named_keys(it.seal['plan'].get('tree', {}).get('summary'))
            if any(changed is None or named_keys(one.get('changes')) is None or named_keys(one['changes']) & changed for one in own):
                raise NotJudged('fact 6: who wrote each key')
        elif any(one['digest'] == digest_ for one in own): return 'recorded it'
        elif it.kind == 'artifact': raise NotJudged('fact 6: who published this digest')
    if not it.asks['duties']['previous_promoter']: return None
    for chain, events in record.promotions.items():
        if chain == it.chain or events[0]['event']['subject'] != subject or events[0]['event']['target_environment'] != it.asked['source_environment']: continue
        if any(one['event']['type'] == 'PromotionCompleted' and one['at'] <= it.at for one in events) and any(record.same(
                one['actor'], actor) for one in events if one['event']['type'] in ('PromotionRequested', 'ExecutionStarted')):
            if it.kind == 'config': raise NotJudged('fact 6: through which promotions it came')
            if Completion(record, chain, events).seal['manifest']['source']['digest'] == digest_: return 'promoted it before'
    return None

def named_keys(summary):
    """The keys that a summary names, where it names all."""
    return set(summary['keys']) if summary and len(summary['keys']) == sum(summary[one] for one in ('added', 'modified', 'removed')) else None

def goes_forward(it):
    """Whether a rollback brings back what a rollback had taken away."""
    back = it.asked['request'].get('rollback')
    for one in it.before: back = one['event'].get('request', {}).get('rollback', back) if one['event']['type'] == 'PromotionResubmitted' else back
    if back is None or (back.get('revision') is None and 'promotion_id' not in back): raise NotJudged('which revision the rollback goes back to')
    for chain, events in it.record.promotions.items():
        asked, done = events[0]['event'], [one for one in events if one['event']['type'] == 'PromotionCompleted']
        if asked['promotion_type'] != 'rollback' or asked['target_slot'] != it.asked['target_slot'] or asked['subject'] != it.asked['subject']:
            continue
        if not done or chain == it.chain or done[0]['at'] > it.at: continue
        if back.get('promotion_id') == asked['id']: return True
        earlier = asked['request'].get('rollback', {})
        if back.get('mode', 'restore') == 'restore' and back.get('revision') is not None and earlier.get('mode', 'restore') == 'restore' \
                and earlier.get('revision') is not None and earlier['revision'] < back['revision'] < done[0]['event']['revision']:
            return True
    return False

# The rows ----------
@rule('J0')
def whole(it):
    if it.rules < 1: return
    decided = ('PromotionRequested', 'PromotionAssessed', 'ApprovalGranted', 'ExecutionStarted')
    for one in it.events:
        if one['event']['type'] in decided and 'guard' not in one:
            yield f'event {one["seq"]} withholds the guard that promotions under rules {it.rules} have'

@rule('J1')
def hop(it):
    if it.type == 'promotion' and it.world.before(it.target) != it.asked['source_environment']:
        yield f'{it.asked["source_environment"]} is not the environment before {it.target}'

@rule('J3')
def stops(it):
    environment = it.world.environment(it.target)
    if 'lock' in environment or 'tenant_lock' in environment: yield f'{it.target} was locked'
    if it.judged_as == 'promotion':
        freeze = frozen(it.world, it.target, it.at)
        if freeze is not None and not (it.forward and undoes_within_the_hour(it)): yield f'{it.target} was frozen by {freeze["id"]}'

def undoes_within_the_hour(it):
    named = it.asked['request']['rollback'].get('promotion_id')
    done = [one for one in it.record.promotions.get(f'promotion/{named}', []) if one['event']['type'] == 'PromotionCompleted']
    return bool(done) and instant(it.at) - instant(done[0]['at']) <= timedelta(hours=1) and bool(it.approvals())

@rule('J4')
def requirements(it):
    for what in weaker(it.asks, sealed_asks(it.seal['requirements'])):
        yield f'{what}: less was sealed than was asked for' + (', as a promotion' if it.forward else '')

@rule('J5')
def gates(it):
    decision, source = it.start['event']['decision'], it.seal['manifest']['source']['digest']
    results = {one['name']: one for one in decision['gates']}
    for name, gate in {**it.asks['gates'], 'policy_compliance': it.asks['gates'].get('policy_compliance', {'name': 'policy_compliance'})}.items():
        result = results.get(name)
        if result is None or result['status'] != 'PASSED':
            yield f'gate {name} ' + ('was not asked' if result is None else f'is {result["status"]}')
            continue
        if name in ('policy_compliance', 'soak'):
            if 'thresholds' in gate and met(gate['thresholds'], it.start['event']['facts']) is not True: yield f'gate {name} is not met by the facts'
            continue
        if not result['evidence']: yield f'gate {name} passed without evidence'
        for named in result['evidence']:
            if named not in it.record.evidence: raise NotJudged(f'the evidence of gate {name}')
            yield from distrusted(it, gate, it.record.evidence[named], source, decision['as_of'])

def distrusted(it, gate, evidence, source, as_of):
    name, provided, result = gate['name'], 'provider' in gate or gate.get('format') == 'provider', evidence['result']
    made = min(instant(evidence['produced_at']), instant(evidence['received_at']))
    if evidence['gate'] != name or evidence['subject_digest'] != source: yield f'gate {name} passed by evidence about something else'
    if max(instant(evidence['produced_at']), instant(evidence['received_at'])) > instant(as_of):
        yield f'gate {name} passed by evidence from the future'
    if 'max_age' in gate and instant(as_of) - made > duration(gate['max_age']): yield f'gate {name} passed by evidence that was too old'
    if 'thresholds' in gate and met(gate['thresholds'], result) is not True: yield f'gate {name} passed by evidence that does not meet its thresholds'
    if provided:
        if evidence['producer']['kind'] != 'system': yield f'gate {name} passed by another word than its provider\'s'
        return
    if 'thresholds' not in gate and result.get('passed') is not True: yield f'gate {name} passed by evidence that does not say so'
    if 'format' in gate and evidence['format'] != gate['format']: yield f'gate {name} passed by evidence of another format'
    verified = evidence['format'] in ('cosign', 'in-toto') and result.get('verified') is True
    if name == 'signature' and not (verified and evidence['format'] == 'cosign'): yield 'gate signature passed by a signature that was not verified'
    producers_, signers = gate.get('producers'), gate.get('signers')
    if producers_ is None and signers is None:
        if it.asks['protected'] or 'environments' in evidence and it.target not in evidence['environments']:
            yield f'gate {name} trusted a producer that nothing names'
    elif evidence['producer']['subject'] not in (producers_ or []) and not (verified and (
            result.get('signer') in (producers_ or []) or any(is_signer(one, result) for one in signers or []))):
        yield f'gate {name} trusted {evidence["producer"]["subject"]}, whom it does not name'

def is_signer(named, result):
    identity, pattern = result.get('identity'), named['identity']
    if result.get('issuer') != named['issuer'] or result.get('trusted_root') != named['trusted_root'] or not isinstance(identity, str): return False
    return identity.startswith(pattern[:-1]) if pattern.endswith('*') else identity == pattern

@rule('J6')
def decision(it):
    found = it.start['event']['decision']
    if found['outcome'] != 'allow': yield f'it was decided {found["outcome"]}'
    if found['manifest_digest'] != it.seal['manifest_digest'] or found['policy_digest'] != it.seal['manifest']['policy_digest']:
        yield 'it was decided on another manifest'

@rule('J7')
def approvals(it):
    if it.asks['required_approvers'] == 0 and not it.asks['groups']: return
    counted, noes, unknown = it.counted()
    why = f' ({"; ".join(noes)})' if noes else ''
    if len(counted) < it.asks['required_approvers'] <= len(counted) + len(unknown): raise unknown[0][2]
    if len(counted) < it.asks['required_approvers']: yield f'{len(counted)} of {it.asks["required_approvers"]} approvals count{why}'
    for group, least in it.asks['groups'].items():
        there = [one for _, one in counted if group in one['groups'] and group in it.world.who(one['actor'])['groups']]
        if len(there) < least and any(group in one['groups'] for _, one, _ in unknown): raise unknown[0][2]
        if len(there) < least: yield f'{len(there)} of {least} approvals of the group {group} count{why}'
    if it.asks['require_comment'] and any(not one.get('comment') for _, one in counted): yield 'an approval has no comment'

@rule('J8')
def by_itself(it):
    barring = [one for one in it.weakened() if one.is_a != 'R']
    if not barring or it.executor() not in ('automatic', 'schedule'): return
    seen = [event for event, _ in it.counted()[0]]
    for one in barring:
        if not any(not it.after(one.change, event) for event in seen):
            yield f'it executed by itself after change {one.change["seq"]} weakened {one.what}, and no approval that counts came after'

@rule('J9')
def executed(it):
    actor = it.executor()
    if actor in ('automatic', 'schedule'): return
    if not it.may(actor, ('promoter',), it.world): yield f'{actor["subject"]} had no role to execute in {it.target}'
    one = it.weakener(actor)
    if one is not None and one.is_a != 'R': yield f'{actor["subject"]} executed it and had weakened it: {one.what} (change {one.change["seq"]})'

@rule('J11')
def not_alone(it):
    if not it.asks['protected'] or it.asks['required_approvers'] == 0: return
    actors = [one for one, _ in it.requesters()] + [one['actor'] for _, one in it.approvals()]
    executor = it.executor()
    actors += [executor] if isinstance(executor, dict) else []
    people = [it.record.people(one) for one in actors if one['kind'] != 'system']
    if people and all(one & people[0] for one in people): yield 'one person alone asked for it, approved it and had it executed'

ACTS = {'PromotionRejected': ('approver',), 'ChangesRequested': ('approver',), 'PromotionScheduled': ('promoter',)}

@rule('J14')
def acts(it):
    approved = None
    for one in it.before:
        event, actor = one['event'], one['actor']
        if event['type'] == 'PromotionApproved': approved = one['seq']
        roles = ACTS.get(event['type'])
        if event['type'] == 'PromotionScheduled' and approved == one['seq'] - 1: continue
        if event['type'] == 'PromotionRequested' and 'rule_id' not in event:
            roles = ('promoter',) if it.type == 'rollback' else ('developer', 'promoter')
        if roles is None or actor['kind'] == 'system': continue
        if not it.may(actor, roles, it.at_event(one)): yield f'{actor["subject"]} had no role for {event["type"]} (event {one["seq"]})'

@rule('J15')
def bookkeeping(it):
    manifest = it.seal['manifest_digest']
    for chain, events in it.record.promotions.items():
        asked = events[0]['event']
        if chain == it.chain or asked['subject'] != it.asked['subject'] or events[0]['at'] >= it.at: continue
        ended = [one for one in events if one['event']['type'] in OPEN_ENDS and one['at'] <= it.at]
        seals = [one['event']['seal'] for one in events if one['event']['type'] == 'PromotionAssessed' and one['at'] <= it.at]
        if not ended and seals and seals[-1]['manifest_digest'] == manifest: yield f'{asked["id"]} was open for the same manifest'
    if 'rule_id' not in it.asked: return
    noes, goes = [], []
    for events in it.record.promotions.values():
        asked = events[0]['event']
        if asked['subject'] != it.asked['subject'] or asked['target_environment'] != it.target: continue
        noes += [one['at'] for one in events if one['event']['type'] == 'PromotionRejected' and one['event']['closed_by'] == 'person']
        goes += [one['at'] for one in events if one['event']['type'] == 'PromotionCompleted' and 'rule_id' not in asked]
    last = max((at for at in noes if at < it.events[0]['at']), default=None)
    if last is not None and not any(last < at < it.at for at in goes):
        yield 'a rule asked for it after a person had said no, and no person has promoted there since'

# Verdicts ----------
def judge(record, chain, events):
    """Every row on one completion: reasons of illegitimacy, and what could not be judged."""
    rules = events[0]['event'].get('rules', 0)
    readings = [one_reading(record, chain, events, ties) for ties in ((True,) if rules >= 1 else (True, False))]
    wrong = [one for one in readings[0][0] if all(one in other[0] for other in readings)]
    missing = [one for reading in readings for one in reading[1]]
    if not wrong and any(reading[0] for reading in readings): missing.append('fact 1: whether a change of the same instant came before')
    return wrong, list(dict.fromkeys(missing))

def one_reading(record, chain, events, ties):
    wrong, missing = [], []
    try:
        it = Completion(record, chain, events, ties)
    except NotJudged as fact: return [], [str(fact)]
    for row, functions in RULES.items():
        for function in functions:
            try:
                wrong += [f'{row} {why}' for why in function(it)]
            except NotJudged as fact: missing.append(f'{row} {fact}')
    return wrong, missing

def judge_change(record, change):
    """J12 and J13 on one change of what governs."""
    found = [one for one in record.weakenings if one.change is change and not one.alone]
    old, new = record.world(before=change['seq']), record.world(before=change['seq'] + 1)
    at_protected = [one for one in found if old.environment(one.environment)['protected']
                    or new.all('environment').get(one.environment, {}).get('protected')]
    actor, confirmer = change['actor'], change.get('confirmed_by')
    if at_protected and actor['kind'] != 'system':
        others = [one for one in old.admins() if not record.same(actor, {'kind': 'person', **one})]
        what = f'{at_protected[0].what} in {at_protected[0].environment}'
        if confirmer is None and others and change.get('unconfirmed') != 'removes_second_admin':
            yield f'J12 {actor["subject"]} alone changed {what}, while {others[0]["subject"]} was admin too'
        if confirmer is not None and record.same(actor, confirmer):
            yield f'J12 {actor["subject"]} and {confirmer["subject"]}, who confirmed {what}, are one person'
    asked = next((one for one in record.changes if one['target'] == {'type': 'pending_change', 'id': change.get('confirms')}
                  and one['action'] == 'create'), None)
    if asked is not None:
        pending = asked['values']['after']
        wanted = record.world(before=asked['seq'])
        wanted.apply({'target': pending['target'], 'action': pending['action'], 'values': pending['values']})
        for name in set(wanted.all('environment')) & set(new.all('environment')):
            for what in dict.fromkeys(w for kind in KINDS for one in TYPES for w in weaker(wanted.asks(name, kind, one), new.asks(name, kind, one))):
                yield f'J13 {what} in {name}: weaker than what was asked for in {pending["id"]}'

def judge_missed(events):
    """J15 on a promotion that failed as missed though it was approved in time."""
    for one in events:
        if one['event']['type'] == 'PromotionFailed' and one['event']['code'] == 'schedule_missed':
            times = [event['event']['at'] for event in events if event['event']['type'] == 'PromotionScheduled' and event['seq'] < one['seq']]
            if any(event['event']['type'] == 'PromotionApproved' and times and event['at'] <= times[-1] and event['seq'] < one['seq'] - 1 for event in events):
                yield 'J15 it failed as missed, though it was approved before its time'

def judge_due(record, events):
    """J16: asked for, stopped by nothing, and nothing happened within ten minutes of the checkpoint."""
    last = events[-1]
    if record.as_of is None or last['event']['type'] != 'ExecutionRequested' or instant(record.as_of) - instant(last['at']) < timedelta(minutes=10):
        return
    target = events[0]['event']['target_environment']
    world = record.world(target, None, record.as_of)
    environment = world.environment(target)
    if 'lock' not in environment and 'tenant_lock' not in environment and frozen(world, target, record.as_of) is None:
        yield 'J16 its execution was asked for, nothing stops it, and nothing has happened since'

def verdicts(record):
    """(name, at, reasons, missing) of every completion, and of what else a row finds."""
    for chain, events in sorted(record.promotions.items()):
        if any(one['event']['type'] == 'PromotionCompleted' for one in events):
            wrong, missing = judge(record, chain, events)
            yield chain, events[-1]['at'], wrong, missing
            continue
        try:
            wrong = [*judge_missed(events), *judge_due(record, events)]
        except NotJudged as fact:
            wrong = []
            yield chain, events[-1]['at'], [], [f'J16 {fact}']
        if wrong: yield chain, events[-1]['at'], wrong, []
    for change in record.changes:
        try:
            wrong = list(judge_change(record, change))
        except NotJudged as fact:
            yield f'change/{change["seq"]}', change['at'], [], [str(fact)]
            continue
        if wrong: yield f'change/{change["seq"]}', change['at'], wrong, []

def exports(names):
    for name in names:
        if name == '-': yield name, sys.stdin.read().splitlines()
        elif os.path.isdir(name): yield from exports(sorted(os.path.join(name, one) for one in os.listdir(name) if one.endswith('.jsonl')))
        else:
            with open(name, encoding='utf-8') as file:
                yield name, file.read().split('\n')

def main(words):
    allowed, names, quiet = '', [], False
    while words:
        word = words.pop(0)
        if word == '--allow-not-judged-before' and words: allowed = instant(words.pop(0)).astimezone(timezone.utc).isoformat()
        elif word == '--quiet': quiet = True
        elif word.startswith('--'):
            print(__doc__, file=sys.stderr)
            return 2
        else: names.append(word)
    if not names:
        print(__doc__, file=sys.stderr)
        return 2
    counts, refused, unread = {'legitimate': 0, 'illegitimate': 0, 'not judged': 0}, False, False
    for name, lines in exports(names):
        try:
            found = list(verdicts(Record([line for line in lines if line])))
        except (ValueError, LookupError, TypeError, AttributeError) as problem:
            print(f'{name}: cannot be read as an export: {type(problem).__name__} {problem}', file=sys.stderr)
            unread = True
            continue
        for subject, at, wrong, missing in found:
            word = 'illegitimate' if wrong else 'not judged' if missing else 'legitimate'
            counts[word] += 1
            if word == 'not judged' and (not allowed or instant(at) >= instant(allowed)): refused = True
            if word != 'legitimate' or not quiet: print(f'{name} {subject} {word}' + (f': {"; ".join(wrong or missing)}' if wrong or missing else ''))
    print(' · '.join(f'{word} {count}' for word, count in counts.items()) + ' (J2 is part of the other rows; J10 is judged from rules 2 on)')
    return 2 if unread else 16 if counts['illegitimate'] else 17 if refused else 0

if __name__ == '__main__': sys.exit(main(sys.argv[1:]))
