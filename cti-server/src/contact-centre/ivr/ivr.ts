import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import type { HttpApp } from '../../platform/http.ts';
import type { Logger } from '../../platform/logger.ts';
import type { Directory } from '../directory/index.ts';
import type { SetupDependencies } from '../setup/index.ts';
import { flowRoutes } from './flows.routes.ts';
import { FlowsService } from './flows.service.ts';
import { promptRoutes } from './prompts.routes.ts';
import { createSounds, type Sounds } from './sounds.service.ts';
import { createEspeak } from './speech/espeak.ts';
import type { SpeechProvider } from './speech/speech.ts';

export interface IvrOptions extends SetupDependencies {
  directory: Directory;
  logger: Logger;
  speechCommand: readonly string[];
  /** Where the switch reads sounds; undefined: a folder of this user in the temporary one, for a switch on this machine. */
  soundsDir: string | undefined;
  /** Another voice than that of this machine. */
  speech?: SpeechProvider;
}

export interface Ivr {
  flows: FlowsService;
  sounds: Sounds;
  registerRoutes(app: HttpApp): Promise<void>;
}

/** Call flows, their prompts and the sounds that these become. */
export function createIvr(options: IvrOptions): Ivr {
  const folder = options.soundsDir ?? join(tmpdir(), `centralita-sounds-${String(userInfo().uid)}`);
  const sounds = createSounds({ ...options, speech: options.speech ?? createEspeak(options.speechCommand), folder });
  const flows = new FlowsService({ ...options, sounds });
  return {
    flows,
    sounds,
    async registerRoutes(app) {
      flowRoutes(app, flows);
      await promptRoutes(app, { ...options, sounds });
    },
  };
}
