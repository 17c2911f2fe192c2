import { channel } from './bodies.ts';
import type { Calls } from './call.ts';

export const notificationCalls: Calls = {
  createNotificationChannel: { body: channel, action: 'manage_catalog' },
  listNotificationChannels: { action: 'read' },
  getNotificationChannel: { action: 'read' },
  updateNotificationChannel: { body: { ...channel, name: 'renamed' }, action: 'manage_catalog' },
  patchNotificationChannel: { body: { name: 'renamed' }, action: 'manage_catalog' },
  deleteNotificationChannel: { action: 'manage_catalog' },
  testNotificationChannel: { action: 'manage_catalog' },
  listNotificationDeliveries: { action: 'read' },
};
