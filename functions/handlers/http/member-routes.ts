import {
  createMember as createMemberEndpoint,
  deleteMember as deleteMemberEndpoint,
  getMember,
  listMembers as listMembersEndpoint,
  updateMember as updateMemberEndpoint,
} from '../../contract/members.ts';
import { isRefusal } from '../../domain/refusal.ts';
import type { Membership } from '../../ports/directory.ts';
import {
  createMember,
  deleteMember,
  listMembers,
  readMember,
  updateMember,
} from '../../use-cases/administration/members.ts';
import type { TableDeps } from '../wiring/table.ts';
import { memberView } from './administration-views.ts';
import { etag, ifMatch } from './etag.ts';
import { type Answer, created, noContent, ok } from './reply.ts';
import { type Route, route } from './route.ts';

const shown = (member: Membership): Answer => ok(memberView(member), etag(member.version));

/** `/api/v1/members`. */
export const memberRoutes: readonly Route<TableDeps>[] = [
  route(createMemberEndpoint, async ({ principal, body, keeping }, deps) => {
    const { subject, user_id = subject, email, ...fields } = body;
    const answerOf = (member: Membership) =>
      created(memberView(member), `/api/v1/members/${member.subject}`, etag(member.version));
    const member = await createMember(deps, {
      principal,
      subject,
      user_id,
      email,
      fields,
      ...keeping(answerOf),
    });
    return isRefusal(member) ? member : answerOf(member);
  }),
  route(listMembersEndpoint, async ({ principal, page, paged }, deps) => {
    const asked = await page(deps);
    if ('refused' in asked) return asked;
    const members = await listMembers(deps, { principal, page: asked });
    return isRefusal(members) ? members : paged(deps, members, memberView);
  }),
  route(getMember, async ({ principal, param }, deps) => {
    const member = await readMember(deps, { principal, subject: param('subject') });
    return isRefusal(member) ? member : shown(member);
  }),
  route(updateMemberEndpoint, async ({ principal, param, body, headers }, deps) => {
    const match = ifMatch(headers);
    if ('refused' in match) return match;
    const member = await updateMember(deps, {
      principal,
      subject: param('subject'),
      change: body,
      ifMatch: match.versions,
    });
    return isRefusal(member) ? member : shown(member);
  }),
  route(deleteMemberEndpoint, async ({ principal, param, headers }, deps) => {
    const match = ifMatch(headers);
    if ('refused' in match) return match;
    const member = await deleteMember(deps, {
      principal,
      subject: param('subject'),
      ifMatch: match.versions,
    });
    return isRefusal(member) ? member : noContent;
  }),
];
