/**
 * Days of one queue on paper: callers come by the hour of the day, agents by the shift, calls last as long as calls do, and who waits too
 * long hangs up. Nothing of the product runs but the estimate itself, which is asked for each caller who has to wait.
 */

export interface DayPlan {
  /** Callers an hour, for each hour of the day from the first on. */
  callersPerHour: readonly number[];
  /** Agents at work in each hour. One who is in a call at the end of a shift ends it first. */
  agentsPerHour: readonly number[];
  /** Mean of a call with its wrap-up, in each hour. Lengths are log-normal, half as spread as their mean. */
  workSecondsPerHour: readonly number[];
  patienceSeconds: number;
}

export interface Listener {
  agentsAre(atWork: number, atMs: number): void;
  queued(call: number, atMs: number): void;
  answered(call: number, atMs: number, waitedMs: number): void;
  abandoned(call: number, atMs: number): void;
}

export interface AnsweredCall {
  queuedAtMs: number;
  waitedMs: number;
  /** What each predictor said when the call entered the queue. */
  predictedMs: readonly number[];
}

interface Waiting {
  call: number;
  queuedAtMs: number;
  hangsUpAtMs: number;
  predictedMs: readonly number[];
}

/**
 * One day, event by event.
 * @param random even between 0 and 1
 * @param predict asked when a caller enters and nobody is free; the place is 1 for the next
 */
export function simulateDay(plan: DayPlan, random: () => number, listener: Listener, predict: (position: number) => number[]): AnsweredCall[] {
  const hourMs = 3_600_000;
  const hours = plan.callersPerHour.length;
  const answered: AnsweredCall[] = [];
  const waiting: Waiting[] = [];
  const endsOfCalls: number[] = [];
  let now = 0;
  let nextArrival = arrivalAfter(0);
  let agents = -1;
  let calls = 0;

  function arrivalAfter(fromMs: number): number {
    const busiest = Math.max(...plan.callersPerHour) / hourMs;
    // thinning: candidates come as in the busiest hour, and as many are left out as the hour has fewer
    for (let at = fromMs; ; ) {
      at += -Math.log(1 - random()) / busiest;
      const rate = plan.callersPerHour[Math.floor(at / hourMs)];
      if (rate === undefined) return Infinity;
      if (random() * busiest * hourMs <= rate) return at;
    }
  }
  const workMs = (atMs: number): number => {
    const mean = (plan.workSecondsPerHour[Math.min(hours - 1, Math.floor(atMs / hourMs))] ?? 240) * 1000;
    const spread = Math.sqrt(Math.log(1.25));
    const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
    return mean * Math.exp(spread * normal - (spread * spread) / 2);
  };
  const serve = (): void => {
    while (waiting.length > 0 && endsOfCalls.length < agents) {
      const call = waiting.shift();
      if (call === undefined) return;
      listener.answered(call.call, now, now - call.queuedAtMs);
      if (now > call.queuedAtMs) answered.push({ queuedAtMs: call.queuedAtMs, waitedMs: now - call.queuedAtMs, predictedMs: call.predictedMs });
      endsOfCalls.push(now + workMs(now));
      endsOfCalls.sort((a, b) => a - b);
    }
  };

  for (;;) {
    const hour = Math.floor(now / hourMs);
    const atWork = plan.agentsPerHour[Math.min(hour, hours - 1)] ?? 0;
    if (atWork !== agents) {
      agents = atWork;
      listener.agentsAre(agents, now);
      serve();
    }
    const nextHangUp = Math.min(Infinity, ...waiting.map((call) => call.hangsUpAtMs));
    const nextShift = hour + 1 < hours ? (hour + 1) * hourMs : Infinity;
    const next = Math.min(nextArrival, endsOfCalls[0] ?? Infinity, nextHangUp, nextShift);
    if (next === Infinity) return answered;
    now = next;
    if (next === endsOfCalls[0]) {
      endsOfCalls.shift();
    } else if (next === nextArrival) {
      const predictedMs = endsOfCalls.length < agents ? [] : predict(waiting.length + 1);
      calls += 1;
      waiting.push({ call: calls, queuedAtMs: now, hangsUpAtMs: now - Math.log(1 - random()) * plan.patienceSeconds * 1000, predictedMs });
      listener.queued(calls, now);
      nextArrival = arrivalAfter(now);
    } else if (next === nextHangUp) {
      const place = waiting.findIndex((call) => call.hangsUpAtMs === next);
      for (const { call } of waiting.splice(place, 1)) listener.abandoned(call, now);
    }
    serve();
  }
}

/** Mulberry32: the same days for the same seed. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
