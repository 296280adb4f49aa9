/** A real Asterisk with sipp around it, for the conformance suite. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openBrokenWire } from '../../../../e2e/broken-wire.ts';
import { freeUdpPort, startSipp, type SippProcess, type SippScenario } from '../../../../e2e/sipp.ts';
import { findSipp, startAsterisk, type RunningAsterisk } from '../../../../launcher/index.ts';
import { systemClock } from '../../platform/clock.ts';
import { silentLogger } from '../../platform/logger.ts';
import type { ConformanceWorld, PhoneWay } from '../conformance-world.ts';
import type { TelephonyPort } from '../port.ts';
import { writeWav } from '../sound.ts';
import { createAsteriskLine } from './index.ts';

const scenarios: Record<PhoneWay, SippScenario> = {
  answers: 'phone-answers',
  refuses: 'phone-refuses',
  isBusy: 'phone-is-busy',
  neverAnswers: 'phone-never-answers',
};

/** The world, and what tests of this adapter alone look at: Asterisk itself and the wire between it and the line. */
export interface AsteriskWorld extends ConformanceWorld {
  readonly asterisk: RunningAsterisk;
  readonly wire: Awaited<ReturnType<typeof openBrokenWire>>;
  makeLine(more?: Partial<Parameters<typeof createAsteriskLine>[0]>): TelephonyPort;
  /** A caller, and a phone that answers, whose voice and hearing are at a port of the test: see e2e/ear.ts. */
  callerWithEar(fromNumber: string, audioPort: number): Promise<SippProcess>;
  phoneWithEar(endpoint: string, password: string, audioPort: number): Promise<SippProcess>;
}

export async function asteriskWorld(): Promise<AsteriskWorld> {
  const folder = await mkdtemp(join(tmpdir(), 'centralita-line-'));
  const sipp = await findSipp();
  const asterisk = await startAsterisk({ folder, rtpPorts: [48_000, 48_499] });
  const houseSound = join(folder, 'house-sound');
  await writeFile(`${houseSound}.wav`, writeWav({ rate: 8_000, samples: Int16Array.from({ length: 4_000 }, (_, at) => 8_000 * Math.sin(at / 3)) }));
  const wire = await openBrokenWire(asterisk.httpPort);
  const running: SippProcess[] = [];
  const phones = new Map<string, SippProcess>();
  const start = async (scenario: SippScenario, more: Partial<Parameters<typeof startSipp>[0]> = {}): Promise<SippProcess> => {
    const process = await startSipp({ sipp, scenario, switchPort: asterisk.sipPort, ...more });
    running.push(process);
    return process;
  };
  const register = async (endpoint: string, password: string, localPort: number): Promise<boolean> => {
    const process = await start('register', { localPort, rows: [[endpoint, `[authentication username=${endpoint} password=${password}]`, '120']] });
    return (await process.ended).exitCode === 0;
  };

  return {
    asterisk,
    wire,
    makeLine: (more = {}) =>
      createAsteriskLine({
        lineId: 'main',
        ariUrl: `http://127.0.0.1:${wire.port}`,
        user: asterisk.ariUser,
        password: asterisk.ariPassword,
        clock: systemClock,
        logger: silentLogger,
        mediaAddress: '127.0.0.1',
        soundFile: () => Promise.resolve(houseSound),
        ...more,
      }),
    async callerRings(fromNumber, fromName, toNumber) {
      const caller = await start('caller', { rows: [[fromNumber, fromName, toNumber]] });
      return {
        hangUp: () => caller.hangUp(),
        press: (digit) => caller.press(digit),
      };
    },
    async phoneRegisters(endpoint, password, way) {
      const localPort = await freeUdpPort();
      if (!(await register(endpoint, password, localPort))) return false;
      phones.set(endpoint, await start(scenarios[way], { localPort, ringMs: 100 }));
      return true;
    },
    callerWithEar: (fromNumber, audioPort) => start('caller', { rows: [[fromNumber, 'Marta', '900']], audioPort }),
    async phoneWithEar(endpoint, password, audioPort) {
      const localPort = await freeUdpPort();
      if (!(await register(endpoint, password, localPort))) throw new Error(`The phone ${endpoint} could not register`);
      return start('phone-answers', { localPort, ringMs: 100, audioPort });
    },
    async phoneHangsUp(endpoint) {
      await phones.get(endpoint)?.hangUp();
    },
    cut: () => wire.cut(),
    mend: () => wire.mend(),
    async loseTheAnswerOf(request) {
      wire.muteServer();
      const outcome = request();
      // The request is on the wire once Asterisk has acted on it; its answer is held back.
      await new Promise((resolve) => setImmediate(resolve));
      await asterisk.command('core show uptime');
      wire.cut();
      return outcome;
    },
    async restartSwitch() {
      await asterisk.kill();
      await asterisk.start();
    },
    async tidyUp() {
      wire.mend();
      await Promise.all(running.splice(0).map((process) => process.stop()));
      phones.clear();
      await asterisk.command('channel request hangup all');
    },
    async close() {
      await wire.close();
      await asterisk.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
