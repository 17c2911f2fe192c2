/** The examples of the artifact document, together. */
export const DOCUMENT = `
artifacts:
  registry:
    primary:
      type: harbor
      url: harbor-us-east.acme.com
    secondary:
      type: ecr
      url: 123456789.dkr.ecr.us-west-2.amazonaws.com
    tertiary:
      type: acr
      url: acmedata.azurecr.io
  promotion:
    gates:
      dev:
        policy_compliance: true     # MANDATORY
        tests: false                # Optional
      staging:
        policy_compliance: true
        tests: true
        security_scan: true         # CVE scan + cosign verify
        cost_analysis: false
      production:
        policy_compliance: true
        tests: true
        security_scan: true
        cost_analysis: true
        performance_baseline: true
    notifications:
      slack:
        webhook: \${SLACK_WEBHOOK}
        channels: ["#platform-ops"]
      email:
        recipients: ["ops@acme.com"]
    cross_registry_sync: true
    verification: digest_match
x-sluice:
  approvals:
    - name: production needs two
      environments: [prod]
      required_approvers: 2
  retention: {keep_versions: 10, keep_days: 90}
  pins:
    - {name: billing, environment: prod, artifact: platform, constraint: ">=1.2.0, <2.0.0"}
`;
