export { chooseAgent, compareCalls, isEligible, type Candidate, type QueueNeeds, type WaitingCall } from './routing-rules.ts';
