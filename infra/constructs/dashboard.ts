import type { HttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import { Dashboard, GraphWidget, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import type { TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { IStateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { METRIC_NAMES } from '../metrics.ts';
import { ownMetric } from './own-metric.ts';

export type DashboardProps = {
  readonly prefix: string;
  readonly apis: readonly HttpApi[];
  readonly workflow: IStateMachine;
  readonly table: TableV2;
  readonly dead: readonly IQueue[];
};

/** One page for whoever is on call: what is promoted, what is told, what is stuck, and how the API answers. */
export class SluiceDashboard extends Construct {
  constructor(scope: Construct, id: string, { prefix, apis, workflow, table, dead }: DashboardProps) {
    super(scope, id);
    const own = (start: string) =>
      METRIC_NAMES.filter((name) => name.startsWith(start)).map((name) => ownMetric(prefix, name, Stats.SUM));
    const graph = (title: string, left: GraphWidgetMetrics) => new GraphWidget({ title, left, width: 12 });
    new Dashboard(this, 'board', {
      dashboardName: prefix,
      widgets: [
        [graph('Promotions', own('promotions_')), graph('Deliveries', own('deliveries_'))],
        [
          graph(
            'Stuck: seconds overdue, and not in the log',
            (['overdue_seconds', 'log_lag_seconds'] as const).map((name) =>
              ownMetric(prefix, name, Stats.MAXIMUM),
            ),
          ),
          graph('Stuck: faults of the sweep; corrupt answers', [...own('sweep_'), ...own('corrupt_')]),
        ],
        [
          graph(
            'Server errors of the APIs',
            apis.map((api) => api.metricServerError()),
          ),
          graph(
            'Latency of the APIs, p95',
            apis.map((api) => api.metricLatency({ statistic: Stats.p(95) })),
          ),
        ],
        [
          graph('Failed executions', [workflow.metricFailed(), workflow.metricThrottled()]),
          graph(
            'Dead letters',
            dead.map((queue) => queue.metricApproximateNumberOfMessagesVisible()),
          ),
        ],
        [
          graph('Capacity of the table', [
            table.metricConsumedReadCapacityUnits(),
            table.metricConsumedWriteCapacityUnits(),
          ]),
        ],
      ],
    });
  }
}

type GraphWidgetMetrics = NonNullable<ConstructorParameters<typeof GraphWidget>[0]['left']>;
