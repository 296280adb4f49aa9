import type { Desk } from '@centralita/cti-server/contracts';

/**
 * Whether an answer to a request may replace the desk on the screen. The socket's desks come in order; an answer may be overtaken by them,
 * so it counts only where nothing in it is older than what is shown.
 */
export function mayReplace(shown: Desk | null, answer: Desk): boolean {
  if (shown === null) return true;
  if (answer.agent.version < shown.agent.version) return false;
  if (shown.call !== null && answer.call !== null && shown.call.id === answer.call.id && answer.call.version < shown.call.version) return false;
  return true;
}
