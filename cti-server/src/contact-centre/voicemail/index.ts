import type { HttpApp } from '../../platform/http.ts';
import { registerVoicemailRoutes } from './voicemail.routes.ts';
import { createVoicemailService, type VoicemailOptions } from './voicemail.service.ts';

export { recordingIdOf } from './voicemail-rules.ts';
export type { LeftVoicemail, RecordingSource } from './voicemail.service.ts';

/** What callers said to a queue where nobody answered. */
export function createVoicemail(options: VoicemailOptions) {
  const service = createVoicemailService(options);
  const { keep, sweep, newByQueue } = service;
  return { registerRoutes: (app: HttpApp): void => registerVoicemailRoutes(app, service), keep, sweep, newByQueue };
}
export type Voicemails = ReturnType<typeof createVoicemail>;
