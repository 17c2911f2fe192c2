import type { Part } from './openapi-schemas.ts';
import { reference } from './openapi-schemas.ts';

/** What Sluice sends to a notification channel of the type webhook: Standard Webhooks 1.0 with a CloudEvent that carries a CDEvent. */

const header = (name: string, description: string): Part => ({
  name,
  in: 'header',
  required: true,
  description,
  schema: { type: 'string' },
});

const text = { type: 'string' };

export const WEBHOOK_SCHEMAS: { readonly [name: string]: Part } = {
  WebhookEvent: {
    type: 'object',
    description: 'A CloudEvents 1.0 event in structured mode. `id` is the same however often it is sent.',
    required: ['specversion', 'id', 'source', 'type', 'subject', 'time', 'datacontenttype', 'data'],
    properties: {
      specversion: { type: 'string', const: '1.0' },
      id: text,
      source: text,
      type: {
        type: 'string',
        description:
          'A type of CDEvents 0.5.0 for what went live, else `dev.cdeventsx.sluice-promotion.<verb>.0.1.0`.',
      },
      subject: text,
      time: { type: 'string', format: 'date-time' },
      datacontenttype: { type: 'string', const: 'application/cdevents+json' },
      data: {
        type: 'object',
        required: ['context', 'subject', 'customData', 'customDataContentType'],
        properties: {
          context: {
            type: 'object',
            required: ['specversion', 'id', 'source', 'type', 'timestamp'],
            properties: { specversion: text, id: text, source: text, type: text, timestamp: text },
          },
          subject: {
            type: 'object',
            required: ['id', 'source', 'content'],
            properties: { id: text, source: text, content: { type: 'object' } },
          },
          customData: {
            type: 'object',
            description: 'What a program looks things up by.',
            required: ['tenant', 'promotion_id', 'verb', 'environment'],
            properties: {
              tenant: text,
              promotion_id: text,
              seq: { type: 'integer' },
              verb: text,
              kind: text,
              name: text,
              source_environment: text,
              environment: text,
              deployment_id: text,
            },
          },
          customDataContentType: text,
        },
      },
    },
  },
};

export const WEBHOOKS: Part = {
  promotionEvent: {
    post: {
      operationId: 'receivePromotionEvent',
      summary: 'Receive an event of a promotion',
      description:
        'Sent to every webhook channel whose filter fits, in order per promotion and at least once. Any 2xx takes it, 410 ends the channel, everything else is tried again.',
      tags: ['notification channels'],
      security: [],
      parameters: [
        header('webhook-id', 'The id of the event; the same however often it is sent.'),
        header('webhook-timestamp', 'When it was sent, in seconds since 1970.'),
        header(
          'webhook-signature',
          'Signatures of `<id>.<timestamp>.<body>`: `v1,` and HMAC-SHA-256 in base64.',
        ),
      ],
      requestBody: {
        required: true,
        content: { 'application/cloudevents+json': { schema: reference('WebhookEvent') } },
      },
      responses: {
        204: { description: 'The event was taken.' },
        410: { description: 'The receiver is gone: the channel is disabled.' },
      },
    },
  },
};
