import { type FlowCallerFacts, type FlowExit, flowLimits, type FlowPosition, type FlowStep, type FlowSurroundings, type RunningFlow } from './flow-types.ts';
import { type FlowNode, type FlowNodeOf, type FlowPromptSlot, soundKey } from './flows.ts';

/** A node that waits for keys. */
type Asking = FlowNodeOf<'menu' | 'digits' | 'callback'>;

const unknownCaller: FlowCallerFacts = { isKnown: false, tier: null, hasOpenTicket: false, ownerId: null, isOwnerReady: false };

/** Walks through one event's consequences, until the caller hears something, is waited for, or leaves. */
export class Walk {
  readonly flow: RunningFlow;
  readonly position: FlowPosition;
  readonly surroundings: FlowSurroundings;
  readonly now: number;
  readonly effects: FlowStep['effects'] = [];
  readonly trail: FlowStep['trail'] = [];
  exit: FlowExit | null = null;

  constructor(flow: RunningFlow, position: FlowPosition, surroundings: FlowSurroundings, now: number) {
    this.flow = flow;
    this.position = { ...position, variables: { ...position.variables } };
    this.surroundings = surroundings;
    this.now = now;
  }

  step(): FlowStep {
    return { position: this.position, effects: this.effects, exit: this.exit, trail: this.trail };
  }

  node(): FlowNode | undefined {
    return this.flow.graph.nodes.find((node) => node.id === this.position.nodeId);
  }

  visit(nodeId: string | null): void {
    const { position } = this;
    const node = this.flow.graph.nodes.find((one) => one.id === nodeId);
    if (!node) return this.leave({ kind: 'hangUp', reason: 'broken' });
    position.visits += 1;
    Object.assign(position, { nodeId: node.id, tries: 0, digits: '' });
    this.trail.push({ nodeId: node.id, what: 'entered' });
    // somebody who presses nothing could be led round and round
    if (position.visits > flowLimits.visits) return this.leave({ kind: 'hangUp', reason: 'tooManySteps' });
    this.begin(node);
  }

  begin(node: FlowNode): void {
    switch (node.kind) {
      case 'greeting':
        return this.play(node, ['prompt']);
      case 'hangUp':
        return node.prompt === null ? this.leave({ kind: 'hangUp', reason: 'asked' }) : this.play(node, ['prompt']);
      case 'menu':
      case 'digits':
      case 'callback':
        return this.ask(node, ['prompt']);
      case 'hours': {
        const isOpen = node.calendarId !== null && this.surroundings.isOpen(node.calendarId, this.now);
        return this.follow(isOpen ? 'open' : 'closed');
      }
      case 'caller': {
        const caller = this.callerOr(node.by === 'isOwnerReady');
        if (caller === null) return;
        return this.follow(node.by === 'tier' ? ((caller.isKnown ? caller.tier : null) ?? 'unknown') : caller[node.by] ? 'yes' : 'no');
      }
      case 'branch':
        return this.branch(node);
      case 'queue':
        return this.leave(node.queueId === null ? { kind: 'hangUp', reason: 'broken' } : { kind: 'queue', queueId: node.queueId, priorityBonus: node.priorityBonus });
      case 'agent': {
        let agentId = node.to.kind === 'user' ? node.to.userId : null;
        if (node.to.kind === 'owner') {
          const caller = this.callerOr(false);
          if (caller === null) return;
          agentId = caller.ownerId;
        }
        return agentId === null ? this.follow('otherwise') : this.leave({ kind: 'agent', agentId, patienceSeconds: node.patienceSeconds });
      }
      case 'number':
        return this.leave({ kind: 'number', number: node.number, ringSeconds: node.ringSeconds });
      case 'voicemail':
        return this.leave(
          node.queueId === null
            ? { kind: 'hangUp', reason: 'broken' }
            : { kind: 'voicemail', queueId: node.queueId, prompts: this.sounds(node.id, node.prompt === null ? [] : ['prompt']).prompts },
        );
    }
  }

  /** What is known of the caller; null when it has to be asked for first: the node begins again with the answer. */
  callerOr(mustBeFresh: boolean): FlowCallerFacts | null {
    const { position } = this;
    const isFresh = position.callerAtMs !== null && this.now - position.callerAtMs < flowLimits.callerFactsMs;
    if (position.caller !== null && (isFresh || !mustBeFresh)) return position.caller;
    position.doing = { kind: 'lookingUp', dueAtMs: this.now + flowLimits.lookUpMs };
    this.effects.push({ kind: 'lookUp' });
    return null;
  }

  branch(node: FlowNodeOf<'branch'>): void {
    const value = this.valueOf(node);
    if (value === null) return;
    const fits = (one: (typeof node.cases)[number]): boolean =>
      one.values.some((wanted) => (one.test === 'is' ? value === wanted : wanted !== '' && value.startsWith(wanted)));
    this.follow(node.cases.find(fits)?.id ?? 'otherwise');
  }

  /** Null while it is being looked up. */
  valueOf({ on }: FlowNodeOf<'branch'>): string | null {
    const { facts, variables } = this.position;
    if (on.kind === 'variable') return variables[on.name] ?? '';
    switch (on.fact) {
      case 'number':
        return facts.number ?? '';
      case 'country':
        return facts.country ?? '';
      case 'dialledNumber':
        return facts.dialledNumber;
      default: {
        const caller = this.callerOr(on.fact === 'isOwnerReady');
        if (caller === null) return null;
        return on.fact === 'tier' ? (caller.tier ?? '') : caller[on.fact] ? 'yes' : 'no';
      }
    }
  }

  /** What was typed ahead answers without the question, unless it has to be heard out. */
  ask(node: Asking, slots: FlowPromptSlot[]): void {
    if (this.position.ahead !== '' && node.interruptible) return this.listen(node);
    this.play(node, slots);
  }

  play(node: FlowNode, slots: FlowPromptSlot[]): void {
    const { position } = this;
    position.playbacks += 1;
    const playbackId = `${position.playbackPrefix}-${String(position.playbacks)}`;
    const { prompts, durationMs } = this.sounds(node.id, slots);
    position.doing = { kind: 'playing', playbackId, dueAtMs: this.now + durationMs + flowLimits.playbackMarginMs };
    this.effects.push({ kind: 'play', playbackId, prompts, nodeId: node.id, slots });
  }

  sounds(nodeId: string, slots: readonly FlowPromptSlot[]): { prompts: { kind: 'sound'; soundId: string }[]; durationMs: number } {
    const found = slots.map((slot) => this.flow.sounds[soundKey(nodeId, slot)]).filter((sound) => sound !== undefined);
    return { prompts: found.map(({ soundId }) => ({ kind: 'sound', soundId })), durationMs: found.reduce((sum, { durationMs }) => sum + durationMs, 0) };
  }

  /** Nothing (more) is said: keys that are there already count, then a time begins. */
  listen(node: Asking): void {
    const { position } = this;
    position.doing = { kind: 'listening', dueAtMs: this.now + node.timeoutSeconds * 1_000 };
    while (position.doing.kind === 'listening' && position.nodeId === node.id && position.ahead !== '') {
      const [key = '', ...rest] = position.ahead;
      position.ahead = rest.join('');
      this.take(node, key);
    }
  }

  take(node: Asking, key: string): void {
    const { position } = this;
    if (node.kind === 'menu') {
      this.trail.push({ nodeId: node.id, what: 'pressed', keys: key });
      return node.keys.some((one) => one.key === key) ? this.follow(key) : this.again(node, 'invalid');
    }
    if (node.kind === 'callback') {
      this.trail.push({ nodeId: node.id, what: 'pressed', keys: key });
      return key === node.acceptKey && node.queueId !== null ? this.leave({ kind: 'callbackOffer', queueId: node.queueId }) : this.follow('refused');
    }
    if (key === node.endKey) return position.digits.length >= node.minDigits ? this.collected(node) : this.again(node, 'invalid');
    // a star or hash that ends nothing is no digit
    if (!/^[0-9]$/.test(key)) return;
    position.digits += key;
    position.doing = { kind: 'listening', dueAtMs: this.now + node.timeoutSeconds * 1_000 };
    if (position.digits.length < node.maxDigits) return;
    // many press the end key from habit although the last digit was enough: it must not answer the next question
    if (node.endKey !== null) position.ignored = { key: node.endKey, untilMs: this.now + flowLimits.needlessEndKeyMs };
    this.collected(node);
  }

  collected(node: FlowNodeOf<'digits'>): void {
    const { digits, variables } = this.position;
    variables[node.variable] = digits;
    this.trail.push({ nodeId: node.id, what: 'collected', keys: node.secret ? '•'.repeat(digits.length) : digits });
    this.follow('next');
  }

  /** Asks once more, or goes on by the port when it was asked often enough. */
  again(node: FlowNodeOf<'menu' | 'digits'>, port: 'invalid' | 'timeout'): void {
    const { position } = this;
    position.tries += 1;
    // the rest was typed for an answer that did not come
    position.ahead = '';
    position.digits = '';
    this.trail.push({ nodeId: node.id, what: port === 'invalid' ? 'wrong' : 'silent' });
    if (position.tries >= node.tries) return this.follow(port);
    this.play(node, node.retryPrompt === null ? ['prompt'] : ['retryPrompt', 'prompt']);
  }

  pressed(key: string): boolean {
    const { position } = this;
    const { doing, ignored } = position;
    if (doing.kind === 'left') return false;
    position.ignored = null;
    if (ignored?.key === key && this.now < ignored.untilMs) return true;
    const node = this.node();
    if (!node || node.kind === 'hangUp') return false;
    const isAsking = node.kind === 'menu' || node.kind === 'digits' || node.kind === 'callback';
    if (doing.kind === 'listening' && isAsking) {
      this.take(node, key);
      return true;
    }
    if (position.ahead.length < flowLimits.keysAhead) position.ahead += key;
    if (doing.kind !== 'playing' || !('interruptible' in node) || !node.interruptible) return true;
    this.effects.push({ kind: 'stopPlaying', playbackId: doing.playbackId });
    if (isAsking) this.listen(node);
    else this.follow('next');
    return true;
  }

  /** The sound is over, whatever became of it. */
  heard(): void {
    const node = this.node();
    if (node?.kind === 'greeting') return this.follow('next');
    if (node?.kind === 'menu' || node?.kind === 'digits' || node?.kind === 'callback') return this.listen(node);
    this.leave({ kind: 'hangUp', reason: node?.kind === 'hangUp' ? 'asked' : 'broken' });
  }

  /** The time ran out. */
  overdue(): void {
    const { position } = this;
    const node = this.node();
    if (position.doing.kind === 'playing') return this.heard();
    if (position.doing.kind === 'lookingUp') return this.lookedUp({ ...(position.caller ?? unknownCaller), isOwnerReady: false });
    if (node?.kind === 'menu') return this.again(node, 'timeout');
    if (node?.kind === 'callback') return this.follow('refused');
    if (node?.kind !== 'digits') return this.leave({ kind: 'hangUp', reason: 'broken' });
    if (position.digits.length >= node.minDigits) return this.collected(node);
    this.again(node, position.digits === '' ? 'timeout' : 'invalid');
  }

  lookedUp(caller: FlowCallerFacts): void {
    Object.assign(this.position, { caller, callerAtMs: this.now });
    this.trail.push({ nodeId: this.position.nodeId, what: 'lookedUp' });
    const node = this.node();
    if (node) this.begin(node);
    else this.leave({ kind: 'hangUp', reason: 'broken' });
  }

  follow(port: string): void {
    const { position } = this;
    this.trail.push({ nodeId: position.nodeId, what: 'wentOn', port });
    this.visit(this.flow.graph.edges.find((edge) => edge.from === position.nodeId && edge.port === port)?.to ?? null);
  }

  leave(exit: FlowExit): void {
    this.exit = exit;
    this.position.doing = { kind: 'left', exit: exit.kind };
    // what was pressed before somebody else talks to the caller answers nothing afterwards
    this.position.ahead = '';
    this.trail.push({ nodeId: this.position.nodeId, what: 'left', exit: exit.kind });
  }
}
