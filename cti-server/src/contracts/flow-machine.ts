import type { FlowEvent, FlowFacts, FlowPosition, FlowStep, FlowSurroundings, RunningFlow } from './flow-types.ts';
import { Walk } from './flow-walk.ts';

/**
 * A caller enters a flow.
 * @param facts `playbackPrefix` must be unique for each entry: ids of playbacks are made from it
 */
export function enterFlow(flow: RunningFlow, facts: FlowFacts, surroundings: FlowSurroundings, now: number): FlowStep {
  const { playbackPrefix, caller, ...rest } = facts;
  const start: FlowPosition = {
    versionId: flow.id,
    nodeId: flow.graph.startId ?? '',
    doing: { kind: 'left', exit: 'hangUp' },
    visits: 0,
    tries: 0,
    digits: '',
    ahead: '',
    ignored: null,
    variables: {},
    facts: rest,
    caller,
    callerAtMs: caller === null ? null : now,
    playbackPrefix,
    playbacks: 0,
  };
  const walk = new Walk(flow, start, surroundings, now);
  walk.visit(flow.graph.startId);
  return walk.step();
}

/** The caller's place after the event; null when it means nothing there: late, repeated or about something else. */
export function nextInFlow(flow: RunningFlow, position: FlowPosition, event: FlowEvent, surroundings: FlowSurroundings, now: number): FlowStep | null {
  const { doing } = position;
  const walk = new Walk(flow, position, surroundings, now);
  switch (event.kind) {
    case 'digitPressed':
      return walk.pressed(event.digit) ? walk.step() : null;
    case 'playbackEnded':
      if (doing.kind !== 'playing' || doing.playbackId !== event.playbackId) return null;
      walk.heard();
      return walk.step();
    case 'timePassed':
      if (doing.kind === 'left' || now < doing.dueAtMs) return null;
      walk.overdue();
      return walk.step();
    case 'lookedUp':
      if (doing.kind !== 'lookingUp') return null;
      walk.lookedUp(event.caller);
      return walk.step();
    case 'compared':
      // who was to look the caller up may have died with the question
      if (doing.kind === 'left') return null;
      if (now >= doing.dueAtMs) walk.overdue();
      else if (doing.kind === 'lookingUp') walk.effects.push({ kind: 'lookUp' });
      else return null;
      return walk.step();
    case 'exitFailed': {
      if (doing.kind !== 'left' || doing.exit === 'hangUp') return null;
      walk.trail.push({ nodeId: position.nodeId, what: 'exitFailed', reason: event.reason });
      const kind = walk.node()?.kind;
      if (kind === 'agent') walk.follow('otherwise');
      else if (kind === 'number') walk.follow('failed');
      else if (kind === 'callback') walk.follow('refused');
      else walk.leave({ kind: 'hangUp', reason: 'exitFailed' });
      return walk.step();
    }
  }
}

/** When the caller must be looked after though nothing was told; null once they left the flow. */
export const flowDueAtMs = (position: FlowPosition): number | null => (position.doing.kind === 'left' ? null : position.doing.dueAtMs);
