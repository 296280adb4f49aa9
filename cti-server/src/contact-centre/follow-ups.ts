import type { CaptchaCheck } from '../crm/leads/index.ts';
import type { Bus } from '../platform/bus.ts';
import type { Clock } from '../platform/clock.ts';
import type { Config } from '../platform/config.ts';
import type { HttpApp } from '../platform/http.ts';
import type { Logger } from '../platform/logger.ts';
import type { Realtime } from '../platform/realtime.ts';
import { type Callbacks, createCallbacks, createSiteVerify } from './callbacks/index.ts';
import type { Directory } from './directory/index.ts';
import type { AuditTrail, Database } from './setup/index.ts';
import { createVoicemail, type RecordingSource, type Voicemails } from './voicemail/index.ts';

export interface FollowUpsOptions {
  database: Database;
  directory: Directory;
  audit: AuditTrail;
  clock: Clock;
  logger: Logger;
  bus: Bus;
  realtime: Pick<Realtime, 'provide' | 'publish' | 'hasListeners'>;
  config: Pick<Config, 'defaultCountry' | 'timeZone' | 'publicUrl' | 'captchaVerifyUrl' | 'captchaSecret'>;
  /** The lines that this server holds. */
  heldLines(): readonly { lineId: string; port: RecordingSource }[];
  customerExists(customerId: string): Promise<boolean>;
  recognise(number: string): Promise<{ customerId: string; name: string } | null>;
  tellHistory(told: { callId: string; customerId: string; atMs: number; queueName: string; voicemailId: string }): Promise<void>;
}

/** What is left to do after calls: whom to call back, and what callers said where nobody answered. Joined here, for both are told together. */
export function createFollowUps(options: FollowUpsOptions) {
  const { config } = options;
  const captcha: CaptchaCheck | null = config.captchaVerifyUrl === undefined || config.captchaSecret === undefined ? null : createSiteVerify({ url: config.captchaVerifyUrl, secret: config.captchaSecret });
  const voicemail: Voicemails = createVoicemail({ ...options, onChanged: () => callbacks.noticesChanged() });
  const callbacks: Callbacks = createCallbacks({
    ...options,
    captcha,
    publicUrl: config.publicUrl,
    defaultCountry: () => config.defaultCountry,
    companyZone: () => config.timeZone,
    newVoicemails: () => voicemail.newByQueue(),
  });
  return {
    callbacks,
    voicemail,
    registerRoutes(app: HttpApp): void {
      callbacks.registerRoutes(app);
      voicemail.registerRoutes(app);
    },
    /** Claims that ran out, and sounds that are still at a switch. To be run every minute. */
    async sweep(): Promise<void> {
      await callbacks.sweep();
      await voicemail.sweep();
    },
  };
}
