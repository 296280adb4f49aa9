export { type Agent, type AgentEvent, type AgentStatus, callOf, newAgent, nextAgent } from './agent-machine.ts';
export { AgentsService, type AgentChange, leaseEveryMs, leaseMs } from './agents.service.ts';
export { createAgentsStore } from './agents.store.ts';
export { agentSettingsRoutes } from './agent-settings.routes.ts';
export type { DeskPhonePresence } from './agent-settings.service.ts';
export { saveAssignments } from './agent-settings.store.ts';
export { createDeskPhones, type DeskPhones, type DeskPhonesOptions, type SipSwitch } from './desk-phones.service.ts';
export { sipAccountRoutes } from './sip-accounts.routes.ts';
export { createSipAccounts, type SipAccounts, type SipAccountsOptions } from './sip-accounts.service.ts';
