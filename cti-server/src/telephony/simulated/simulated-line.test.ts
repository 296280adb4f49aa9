import { expect } from 'vitest';
import { systemClock } from '../../platform/clock.ts';
import type { ConformanceWorld, PhoneWay } from '../conformance-world.ts';
import { telephonyPortConformance } from '../port.conformance.ts';
import { createSimulatedLine, type OnRing, type SimulatedLine } from './index.ts';

const ways: Record<PhoneWay, OnRing> = {
  answers: { kind: 'answers', afterMs: 5 },
  refuses: { kind: 'refuses', afterMs: 5 },
  isBusy: { kind: 'busy' },
  neverAnswers: { kind: 'never' },
};

function simulatedWorld(): Promise<ConformanceWorld> {
  const first = newLine();
  const lines: SimulatedLine[] = [];
  function newLine(sharing?: SimulatedLine): SimulatedLine {
    const line = createSimulatedLine({ lineId: 'main', clock: systemClock, requestMs: 1, promptMs: 5, callerRetryMs: 5, ...(sharing === undefined ? {} : { sharing }) });
    return line;
  }
  const holder = (): SimulatedLine => {
    const line = lines.find((each) => each.status().state === 'connected') ?? lines.at(-1);
    if (line === undefined) throw new Error('no line was made');
    return line;
  };
  let cut: SimulatedLine | null = null;
  const world: ConformanceWorld = {
    makeLine() {
      const line = newLine(first);
      lines.push(line);
      return line;
    },
    async callerRings(fromNumber, fromName, toNumber) {
      const legId = first.arrive({ fromNumber, fromName, toNumber });
      return {
        hangUp: () => Promise.resolve(first.callerHangsUp(legId)),
        press: (digit) => Promise.resolve(first.presses(legId, digit)),
      };
    },
    phoneRegisters: (endpoint, password, way) => Promise.resolve(first.deviceRegisters(endpoint, password, ways[way])),
    phoneHangsUp(endpoint) {
      for (const leg of first.inspect().legs) if (leg.toNumber === endpoint) first.agentHangsUp(leg.legId);
      return Promise.resolve();
    },
    cut() {
      cut = holder();
      cut.loseSocket();
    },
    mend() {
      cut?.reconnect();
      cut = null;
    },
    async loseTheAnswerOf(request) {
      const outcome = request();
      world.cut();
      return outcome;
    },
    restartSwitch() {
      const line = holder();
      line.switchRestarts();
      line.reconnect();
      return Promise.resolve();
    },
    tidyUp() {
      world.mend();
      for (const leg of first.inspect().legs) first.callerHangsUp(leg.legId);
      for (const endpoint of first.inspect().presentEndpoints) first.deviceGone(endpoint);
      expect(first.inspect().legs).toEqual([]);
      return Promise.resolve();
    },
    close: () => Promise.resolve(),
  };
  return Promise.resolve(world);
}

telephonyPortConformance('The simulated line', simulatedWorld);
