export * from './access.ts';
export * from './agents.ts';
export * from './basics.ts';
export * from './calls.ts';
export * from './crm.ts';
export * from './queues.ts';
export * from './realtime.ts';
