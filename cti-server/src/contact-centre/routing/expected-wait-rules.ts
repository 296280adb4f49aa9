/*
 * How the wait of a caller is estimated.
 *
 * While somebody waits whom nobody is free to take, two things are measured: how much time of agents at work goes by for each waiting call
 * that finds an agent, and how many of those who wait hang up in how much waiting. The first, divided by the agents at work now, is the
 * time between two of them ("answers" below); so many agents more or less are felt at once. Both forget what is old: the newest few dozen
 * answers count.
 *
 * Who stands at position n is answered when n calls have been answered, less those before who hang up. With A answers a second, and
 * every waiting caller hanging up at h a second, the k-th place before the front moves up A + (k-1)·h times a second, so
 *
 *   expected wait = 1/A + 1/(A+h) + 1/(A+2h) + … + 1/(A+(n-1)·h)
 *
 * which is the queue-length estimator with abandonment of R. Ibrahim and W. Whitt, "Real-time delay estimation in overloaded multiserver
 * queues with abandonments", Management Science 55 (2009). Its error is measured by `npm run bench -- expected-wait`.
 */

/** Answers that count: an answer so many answers ago weighs 1/e. */
const answersRemembered = 60;
/** What a queue that nobody measured yet is taken for: four minutes of work a call, as if seen in so many answers. */
const usualWorkMs = 240_000;
const usualWeight = 8;
/** And one who waits is taken to hang up after ten minutes on average, as if seen so many times. */
const usualPatienceMs = 600_000;
const usualHangUps = 2;
/** A position further back is spoken of as "more than" anyway. */
const furthestPosition = 500;

export interface Pace {
  /** Agents' time for each call that found an agent. */
  workMsPerAnswer: number;
  /** Waiting time for each caller who hangs up. */
  waitMsPerHangUp: number;
  agentsAtWork: number;
}

/** The pace of one queue. Each event costs the same; times must not run backwards, and those that do count as no time. */
export class AnswerPace {
  #agents = 0;
  #waiting = 0;
  #lastAtMs: number | null = null;
  #workMs = usualWorkMs * usualWeight;
  #answers = usualWeight;
  #waitMs = usualPatienceMs * usualHangUps;
  #hangUps = usualHangUps;

  agentsAre(atWork: number, atMs: number): void {
    this.#pass(atMs);
    this.#agents = atWork;
  }
  waitingIs(waiting: number, atMs: number): void {
    this.#pass(atMs);
    this.#waiting = waiting;
  }
  /** A call that had to wait has found an agent. */
  advanced(atMs: number): void {
    this.#pass(atMs);
    const kept = 1 - 1 / answersRemembered;
    this.#workMs *= kept;
    this.#answers = (this.#answers + 1) * kept;
    this.#waitMs *= kept;
    this.#hangUps *= kept;
  }
  /** The agent did not take it: it has not got on after all. */
  cameBack(atMs: number): void {
    this.#pass(atMs);
    this.#answers = Math.max(1, this.#answers - 1);
  }
  abandoned(atMs: number): void {
    this.#pass(atMs);
    this.#hangUps += 1;
  }

  pace(): Pace {
    return { workMsPerAnswer: this.#workMs / this.#answers, waitMsPerHangUp: this.#waitMs / this.#hangUps, agentsAtWork: this.#agents };
  }

  /** Milliseconds until the call at this position is answered; null while nobody is at work. */
  expectedWaitMs(position: number): number | null {
    if (this.#agents === 0) return null;
    const { workMsPerAnswer, waitMsPerHangUp } = this.pace();
    const answersPerMs = this.#agents / workMsPerAnswer;
    let sum = 0;
    for (let before = 0; before < Math.min(position, furthestPosition); before += 1) sum += 1 / (answersPerMs + before / waitMsPerHangUp);
    return sum;
  }

  /** The time that went by counts while somebody waits: then every agent at work works for the queue. */
  #pass(atMs: number): void {
    const passedMs = this.#lastAtMs === null ? 0 : Math.max(0, atMs - this.#lastAtMs);
    this.#lastAtMs = Math.max(this.#lastAtMs ?? atMs, atMs);
    if (this.#waiting === 0) return;
    this.#workMs += this.#agents * passedMs;
    this.#waitMs += this.#waiting * passedMs;
  }
}

/** What is said of a wait: about so many minutes, or more than so many. */
export interface SpokenWait {
  isMore: boolean;
  minutes: number;
}

const spokenMinutes = [1, 2, 3, 5, 10, 15, 20, 30] as const;

/** Rounded up to what a caller can grasp, so that most wait no longer than was said; a tenth over a step is still that step. */
export function spokenWait(expectedMs: number): SpokenWait {
  const minutes = (expectedMs / 60_000) * 0.9;
  const step = spokenMinutes.find((one) => minutes <= one);
  return step === undefined ? { isMore: true, minutes: spokenMinutes[spokenMinutes.length - 1] ?? 30 } : { isMore: false, minutes: step };
}
