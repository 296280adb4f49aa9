import type { Clock } from '../../platform/clock.ts';
import type { Logger } from '../../platform/logger.ts';
import type { FlowCallerFacts } from '../../contracts/index.ts';
import type { Outcome, Prompt, PromptLanguage, TelephonyPort } from '../../telephony/port.ts';
import type { Directory } from '../directory/index.ts';
import type { Call, CallEffect, CallEvent } from './call-types.ts';

export interface EffectOptions {
  line(lineId: string): TelephonyPort | undefined;
  directory: Directory;
  clock: Clock;
  logger: Logger;
  defaultLanguage: PromptLanguage;
  positionOf(callId: string): number;
  deliver(callId: string, event: CallEvent): void;
  /** What a call flow may ask of the caller. */
  callerFacts(call: Call): Promise<FlowCallerFacts>;
  /** Writes down that this caller keeps their place in the queue and is called back. False when there is no number to call. */
  keepPlace(call: Call, queueId: string): Promise<boolean>;
  /** What to say of the wait, after the position. */
  expectedWait(call: Call, position: number): readonly Prompt[];
  /** Something did not go as asked: compare the call with what the switch really holds. */
  compareSoon(call: Call): void;
}

/**
 * Does at the switch what the machine decided. Requests of one call leave in order, without waiting for each other's answers; an answer
 * other than `ok` becomes an event or a comparison, never a blind repetition.
 */
export function createEffects(options: EffectOptions): (call: Call, effects: readonly CallEffect[]) => void {
  const { clock, logger } = options;

  const ask = (call: Call, line: TelephonyPort, effect: CallEffect): Promise<Outcome> => {
    switch (effect.kind) {
      case 'answer':
        return line.answer(effect.legId);
      case 'playGreeting':
        return play(call, line, effect.playbackId, [{ kind: 'sentence', name: 'welcome' }]);
      case 'playAnnouncement':
        return play(call, line, effect.playbackId, announcement(call, effect.first));
      case 'playRefusal':
        return play(call, line, effect.playbackId, [{ kind: 'sentence', name: effect.reason === 'notInService' ? 'numberNotInService' : effect.reason }]);
      case 'playPrompts':
        return play(call, line, effect.playbackId, effect.prompts);
      case 'lookUpCaller':
        return options.callerFacts(call).then((caller) => deliver(call, { kind: 'lookedUp', caller, atMs: clock.now() }));
      case 'keepPlace':
        return options.keepPlace(call, effect.queueId).then((isKept) => deliver(call, { kind: isKept ? 'placeKept' : 'placeRefused', atMs: clock.now() }));
      case 'record':
        return line.record({ recordingId: effect.recordingId, legId: call.customerLegId, maxSeconds: effect.maxSeconds, silenceSeconds: effect.silenceSeconds, beep: true, stopKeys: '#' });
      case 'stopRecording':
        return line.stopRecording(effect.recordingId);
      case 'stopPlaying':
        return line.stopPlaying(effect.playbackId);
      case 'playRinging':
        return line.play({ playbackId: effect.playbackId, legId: effect.legId, prompts: [{ kind: 'ringing' }], language: languageOf(call) });
      case 'startMusic':
        return line.startMusic(effect.legId);
      case 'stopMusic':
        return line.stopMusic(effect.legId);
      case 'createRoom':
        return line.createRoom(call.roomId);
      case 'join':
        return line.join(call.roomId, effect.legIds);
      case 'leave':
        return line.leave(call.roomId, effect.legId);
      case 'destroyRoom':
        return line.destroyRoom(call.roomId);
      case 'hangUp':
        return line.hangUp(effect.legId, 'normal');
      case 'placeNumberLeg':
        return line.placeLeg({
          legId: effect.legId,
          callId: call.id,
          to: { kind: 'number', number: effect.number },
          callerNumber: effect.callerNumber,
          callerName: '',
          ringTimeoutSeconds: effect.ringTimeoutSeconds,
          autoAnswer: false,
        });
      case 'placeAgentLeg':
        return line.placeLeg({
          legId: effect.legId,
          callId: call.id,
          to: { kind: 'endpoint', endpoint: effect.endpoint },
          callerNumber: call.fromE164 ?? call.fromRaw,
          callerName: call.fromName || (options.directory.queue(call.queueId ?? '')?.name ?? ''),
          ringTimeoutSeconds: effect.ringTimeoutSeconds,
          autoAnswer: effect.autoAnswer,
        });
    }
  };

  /** Ours, not the switch's: it cannot be told how it went. */
  const deliver = (call: Call, event: CallEvent): Outcome => {
    options.deliver(call.id, event);
    return { outcome: 'ok', value: undefined };
  };

  const play = (call: Call, line: TelephonyPort, playbackId: string, prompts: readonly Prompt[]): Promise<Outcome> =>
    line.play({ playbackId, legId: call.customerLegId, prompts, language: languageOf(call) });

  const languageOf = (call: Call): PromptLanguage => options.directory.queue(call.queueId ?? '')?.language ?? options.defaultLanguage;

  const announcement = (call: Call, isFirst: boolean): Prompt[] => {
    const position = options.positionOf(call.id);
    const busy: Prompt[] = isFirst ? [{ kind: 'sentence', name: 'allAgentsBusy' }] : [];
    const wait = options.expectedWait(call, position);
    if (position <= 1) return [...busy, { kind: 'sentence', name: 'youAreNext' }, ...wait];
    return [...busy, { kind: 'sentence', name: 'yourPositionIs' }, { kind: 'number', value: Math.min(position, 99) }, ...wait];
  };

  const settle = (call: Call, effect: CallEffect, answer: Outcome): void => {
    if (answer.outcome === 'ok') return;
    logger.warn({ callId: call.id, effect: effect.kind, outcome: answer.outcome, reason: answer.reason }, 'the switch did not do as asked');
    switch (effect.kind) {
      case 'placeAgentLeg':
      case 'placeNumberLeg':
        // "unknown" may be ringing: the comparison tells
        if (answer.outcome === 'unknown') options.compareSoon(call);
        else options.deliver(call.id, { kind: 'legEnded', legId: effect.legId, cause: 'unreachable', reason: answer.reason, atMs: clock.now() });
        return;
      case 'record':
        options.deliver(call.id, { kind: 'recordingEnded', recordingId: effect.recordingId, seconds: 0, reason: 'failed', atMs: clock.now() });
        return;
      case 'playRinging':
        // the agent sees that it rings
        return;
      case 'playGreeting':
      case 'playAnnouncement':
      case 'playRefusal':
      case 'playPrompts':
        options.deliver(call.id, { kind: 'playbackEnded', playbackId: effect.playbackId, completed: false, atMs: clock.now() });
        options.compareSoon(call);
        return;
      case 'stopPlaying':
      case 'stopMusic':
        return;
      default:
        options.compareSoon(call);
    }
  };

  return (call, effects) => {
    const line = options.line(call.lineId);
    if (!line) return;
    // a phone that begins to ring sooner is a caller who waits less: the rest loses nothing by coming second
    const ordered = [...effects].sort((a, b) => Number(isRing(b)) - Number(isRing(a)));
    const needsHangUpFirst = effects.some((effect) => effect.kind === 'hangUp');
    for (const effect of needsHangUpFirst ? effects : ordered) {
      ask(call, line, effect).then(
        (answer) => settle(call, effect, answer),
        (error: unknown) => {
          logger.error({ err: error, callId: call.id, effect: effect.kind }, 'an effect failed');
          options.compareSoon(call);
        },
      );
    }
  };
}

const isRing = (effect: CallEffect): boolean => effect.kind === 'placeAgentLeg';
