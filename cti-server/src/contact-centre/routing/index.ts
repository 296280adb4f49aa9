export { chooseAgent, chooseAgents, compareCalls, isEligible, type Candidate, type QueueNeeds, type WaitingCall } from './routing-rules.ts';
export { type CallerFacts, needsAt, needsChangeAtMs, pointsOf, preferredAgents, type RoutedQueue } from './needs-rules.ts';
export { noneSince, type Overflow, overflowOf, type OverflowReason, type WaitingFacts, type WaitingQueue } from './waiting-rules.ts';
export { ExpectedWaits, type QueueEvent } from './expected-wait.ts';
export { AnswerPace, type Pace, spokenWait, type SpokenWait } from './expected-wait-rules.ts';
export { promptsForWait } from './spoken-wait-rules.ts';
export { AgentTallies, type AgentTally } from './agent-tallies.ts';
export { readCallerFacts } from './callers.store.ts';
export { readTallies } from './tallies.store.ts';
