export { type Agent, type AgentEvent, type AgentStatus, callOf, newAgent, nextAgent } from './agent-machine.ts';
export { AgentsService, type AgentChange, leaseEveryMs, leaseMs } from './agents.service.ts';
export { createAgentsStore } from './agents.store.ts';
