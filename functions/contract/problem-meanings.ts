import type { ProblemCode } from './problem.ts';

/** What each code means and what to do: the answer of `GET /problems/{code}`. */
export const MEANINGS: { readonly [code in ProblemCode]: string } = {
  invalid_request:
    'The request does not fit the schema. Read the fields that the answer names, and correct them.',
  masked_value:
    'A value is the mask of a sensitive value, as lists and exports show it. Send the value itself, or leave the entry out.',
  reserved_name: 'The name is a route of the API. Choose another name.',
  not_authorized: 'The caller lacks the role. Ask an admin for one of the roles that the answer names.',
  separation_of_duties:
    'The caller took part in the change and cannot approve it. Ask an approver who did not request, write or promote it.',
  governor:
    'The caller weakened what governs this promotion and cannot decide on it now. Ask another person to decide.',
  tenant_mismatch: 'X-Tenant-ID is not one of the caller’s tenants. Send another one, or none.',
  link_not_yours: 'The approval link was sent to another approver. Ask for your own.',
  not_found: 'The resource does not exist, or the caller cannot see it. Check the id and the tenant.',
  unknown_environment:
    'The tenant has no such environment. List the environments and use a name or an alias.',
  unknown_gateway: 'The environment has no such active gateway. List the gateways of the environment.',
  conflict: 'Another request changed the resource at the same time. Read it again, then decide again.',
  already_open:
    'A promotion of this content to this target is open. Use the promotion that the answer names.',
  already_decided: 'The promotion is past this decision. Read its status.',
  invalid_transition:
    'The promotion is not in a status from which this is possible. Read its status and what it waits for.',
  not_sealed: 'The promotion has no sealed content yet. Wait for its assessment.',
  not_logged:
    'The log has not reached this yet: it is fed once a minute. Wait for the seconds in Retry-After and ask again.',
  manifest_changed:
    'The content changed since the manifest that the request names. Review the promotion again.',
  target_moved: 'The target changed since the promotion was planned. Review the new plan.',
  protected: 'The environment is protected: content reaches it by promotion alone. Request a promotion.',
  immutable: 'The field cannot change after creation. Create a new resource.',
  in_use: 'Other resources refer to this one. Remove what the answer names first.',
  limit_reached:
    'The tenant has as many items of this noun as it may have; `limit` says how many. Delete one first.',
  missing_stages:
    'Promotions go from one environment to the next. Promote through the stages that the answer names.',
  source_not_deployed:
    'The source is not live there, or never was. Choose a deployment with the status DEPLOYED, or one of `available`.',
  source_mismatch: 'The source deployment belongs to another subject or environment. Check its id.',
  nothing_to_promote: 'Source and target hold the same content. There is nothing to do.',
  no_registry: 'There is no registry to keep artifacts in. Create one with the role primary.',
  tag_exists:
    'The version, or the tag that it would get, names other content and never moves. Publish another version.',
  artifact_too_large:
    'The artifact has more bytes than a registry takes that it would go to. Publish a smaller one, or raise max_artifact_bytes of the registry.',
  registry_failed:
    'The registry refused or failed; `registry_code` says how, and `retry` whether the same request may succeed later.',
  risk_not_acknowledged:
    'The rollback is risky. Review its impact, then send the field that the answer names.',
  expired: 'The promotion expired before it was executed. Request it again.',
  link_used: 'The approval link was used. Sign in to see the promotion.',
  link_expired: 'The approval link expired. Sign in to decide.',
  link_revoked: 'The approval link was revoked, since its promotion or approver changed. Sign in to decide.',
  precondition_failed: 'If-Match names another version. Read the resource again and send its ETag.',
  gate_failed:
    'A gate did not pass. Read the gates of the promotion and attach the evidence that they ask for.',
  idempotency_key_reused: 'The Idempotency-Key was used for another request. Send a new key.',
  comment_required: 'The approval policy requires a comment. Send one.',
  locked: 'The environment is locked. Wait until the lock is lifted, or ask who set it.',
  frozen: 'A freeze covers this time. Wait until it ends, or ask an admin.',
  unauthenticated:
    'The request carries no valid identity. Send an access token, or sign the request with SigV4.',
  unknown_operation:
    'There is nothing at this path in this version of Sluice. The header Sluice-Version says which one answers.',
  method_not_allowed: 'The path does not take this method. Use one that the Allow header names.',
  payload_too_large: 'The body is larger than the operation takes. Send it in parts.',
  unsupported_media_type: 'The Content-Type is not one that the operation reads. Send application/json.',
  internal: 'Sluice failed. The log holds the request id; repeat the request with the same Idempotency-Key.',
  corrupt:
    'What is stored contradicts itself, so Sluice answers nothing from it. Give the request id to an operator: the log names the item.',
  unavailable:
    'A service that Sluice needs does not answer now, or the installation is read-only for a while. Repeat the request after the time in Retry-After.',
  format_unsupported:
    'The installation’s code does not read the format of its table, and serves nothing until an operator runs the release that the answer names.',
};
