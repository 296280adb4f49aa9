import type { Queue } from '../../contracts/index.ts';
import type { Directory } from '../directory/index.ts';

export type WrapUpSettings = Pick<Queue, 'wrapUpSeconds' | 'wrapUpOptional' | 'wrapUpMoreTimes' | 'wrapUpMoreSeconds'>;

/** Of calls that belong to no queue, an agent's own: ended when the agent is done, with a result. */
const ownCalls: WrapUpSettings = { wrapUpSeconds: null, wrapUpOptional: false, wrapUpMoreTimes: 0, wrapUpMoreSeconds: 60 };

export const wrapUpRulesOf = (directory: Directory, queueId: string | null): WrapUpSettings => (queueId === null ? undefined : directory.queue(queueId)) ?? ownCalls;
