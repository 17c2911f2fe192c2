/**
 * Dictionary 1 of the packed bodies: what promotions, their events and their neighbours look like in JSON, the most frequent
 * parts last (DEFLATE reaches the end most cheaply). Frozen: what is stored was packed with exactly these bytes, and a test
 * holds their digest. Better ones get a codec of their own.
 */
const FRAGMENTS = [
  '{"id":"mach-","tenant":"","account":"","role":"","unique_id":"","name":"","owner":"","grants":[{"role":"admin","environment":"production"},{"role":"approver"},{"role":"developer"},{"role":"recorder"}],"groups":[]',
  '{"name":"staging","aliases":["stage"],"rank":2,"protected":true,"tag_suffix":"","gates":[{"name":"tests","mode":"warn","applies_to":["artifact","agent"],"format":"junit","max_age":"P7D","thresholds":{"all":[{"field":"tests.pass_rate","op":"gte","value":',
  '"name":"security_scan","name":"signature","name":"soak","name":"cost_analysis","name":"performance_baseline","producers":[],"timeout_seconds":',
  '"owned_keys":[],"lock":{"reason":"","by":"","at":"2026-"},"version":1,"guard":1,"created_at":"2026-01-01T00:00:00.000Z","updated_at":"2026-01-01T00:00:00.000Z"}',
  '{"subject":{"kind":"artifact","name":"platform"},"subject":{"kind":"config","name":""',
  '"number":1,"digest":"sha256:","previous":null,"cause":{"by":"execute","promotion_id":"prom-01"},"cause":{"by":"record","deployment_id":"dep-01"},"actor":{"subject":"sluice","email":"","kind":"system"},"prev":null}',
  '"status":"DEPLOYED","deployed_at":"2026-","completed_at":"2026-","live_at":"2026-","recorded":false,"recorded_by":{"subject":"","email":"","kind":"machine","owner":""},"promotion_id":"prom-01","metrics":{"tests":{"pass_rate":100},"metrics":{"error_rate":0.0}},"details":{}',
  '{"slot":{"subject":{"kind":"agent","name":"agent-"},"environment":"production","gateway":"gateway-"},"version":1,"revision":1,"digest":"sha256:","deployment_id":"dep-01","chain":"sha256:","claim":{"promotion":"prom-01","fence":1,"at":"2026-',
  '"environment":"development","gateway_id":"gateway-","version_label":"","status":"PENDING"',
  '{"v":1,"seq":1,"at":"2026-","actor":{"subject":"","email":"","kind":"person"},"prev":null,"event":{"type":"PromotionRequested","id":"prom-01","tenant":"","promotion_type":"promotion","subject":{"kind":"agent","name":"agent-',
  '{"type":"PromotionBlocked","blocked_by":["policy_compliance"],"reason_code":"","type":"EvidenceAttached","gate":"","evidence":"sha256:","type":"ChangesRequested","reason":"","type":"PromotionResubmitted"',
  '"type":"ApprovalsVoided","reason_code":"target_moved","type":"PromotionRejected","closed_by":"person","reason":"","closed_by":"expiry","type":"PromotionScheduled","at":"2026-","on_missed":"execute","type":"PromotionUnscheduled"',
  '{"type":"PromotionFailed","code":"","message":"","technical":"","target_state":"unchanged","type":"PromotionCancelled","type":"PromotionRolledBack","by":"',
  '"prev":"sha256:","event":{"type":"ApprovalGranted","approval":{"actor":{"subject":"","email":"","kind":"person"},"groups":[],"manifest_digest":"sha256:","at":"2026-","comment":"',
  '"prev":"sha256:","event":{"type":"PromotionApproved","approved_by":{"subject":"","email":"@","kind":"person"}}},{"v":1,"seq":5,"at":"2026-","prev":"sha256:","event":{"type":"ExecutionRequested"}}]',
  '"prev":"sha256:","event":{"type":"ExecutionStarted","fence":1,"deployment_id":"dep-01","base":null,"facts":{"deployment":{"status":"DEPLOYED","duration_hours":24.0,"tests":{"pass_rate":100},"metrics":{"error_rate":0.01}},"decision":{"promotion_id":"prom-01","manifest_digest":"sha256:","policy_digest":"sha256:","as_of":"2026-',
  '"outcome":"allow","reason_codes":["approved"],"gates":[{"name":"policy_compliance","required":true,"mode":"block","status":"PASSED","reason_code":"passed","evidence":[]}],"approvals":{"required":1,"groups":[],"granted":["',
  '"outcome":"pending","reason_codes":["approvals_missing"],"status":"SKIPPED","status":"WARNING","status":"FAILED","outcome":"deny","decision_digest":"sha256:"}},{"v":1,"seq":7,"at":"2026-","event":{"type":"PromotionCompleted","revision":1}}]',
  '"event":{"type":"PromotionAssessed","seal":{"manifest":{"subject":{"kind":"agent","name":"',
  '{"id":"prom-01","tenant":"","type":"promotion","subject":{"kind":"agent","name":"agent-"},"source_environment":"development","target_environment":"staging","target_slot":"staging#gateway-","request":{"kind":"agent","agent_id":"agent-","source_deployment_id":"dep-","target_gateway_id":"gateway-"},"requester":{"subject":"","email":"@","kind":"person"},"requested_at":"2026-',
  '"rule_id":"rule-01","execution":"manual","execution":"automatic","seal":{"manifest":{"subject":{"kind":"agent","name":"agent-"},"type":"promotion","source":{"environment":"development","digest":"sha256:"},"target":{"environment":"staging","slot":"staging#gateway-"},"change_set_digest":"sha256:","policy_digest":"sha256:","options":{"execution":"automatic"}},"manifest_digest":"sha256:',
  '","plan":{"source":{"environment":"development","digest":"sha256:","deployment_id":"dep-","recorded":true},"base":{"digest":null,"version":0},"change_set_digest":"sha256:","change_set":[{"key":"agent#agent-#staging#gateway-","from":null,"to":"sha256:"}]},"requirements":{"requires_approval":true,"required_approvers":1,"groups":[{"group":"","min":1}],"separation_of_duties":{"requester":true,"author":true,"previous_promoter":false,"evidence_producer":false},"expires_after":"P7D","require_comment":false,"gates":[{"name":"policy_compliance","mode":"block","applies_to":["config","artifact","agent"]}],"protected":false,"policy_digest":"sha256:"}}',
  ',"gates":[{"name":"policy_compliance","required":true,"mode":"block","status":"PASSED","reason_code":"passed","evidence":[]}],"decision_digest":"sha256:","approvals":[{"actor":{"subject":"","email":"@","kind":"person"},"groups":[],"manifest_digest":"sha256:","at":"2026-',
  '","schedule":{"at":"2026-","on_missed":"execute"},"expires_at":"2026-","reason_code":"target_moved","seq":2,"chain":"sha256:","status":"pending","waiting_for":"approval","waiting_for":"assessment","status":"blocked","blocked_by":["',
  '"status":"rejected","status":"cancelled","cancelled_by":{"status":"failed","failure":{"status":"rolled_back","status":"executing","status":"approved","approved_at":"2026-","approved_by":{"subject":"","email":"@","kind":"person"},"execution_requested":{"subject":"',
  '"status":"completed","approved_at":"2026-","approved_by":{"subject":"","email":".com","kind":"person"},"started_at":"2026-","fence":1,"deployment_id":"dep-01","executor":{"subject":"","email":".com","kind":"person"},"completed_at":"2026-',
] as const;

export const DICTIONARY_1 = Buffer.from(FRAGMENTS.join(''));
