import type { Bus } from '../../platform/bus.ts';
import type { HttpApp } from '../../platform/http.ts';
import type { Logger } from '../../platform/logger.ts';
import type { Realtime } from '../../platform/realtime.ts';
import type { KeptPlace } from './callback-rules.ts';
import { registerCallbackFormRoutes } from './callback-forms.routes.ts';
import { type CallbackFormsOptions, createCallbackForms } from './callback-forms.service.ts';
import { registerCallbackRoutes } from './callbacks.routes.ts';
import { type CallbacksServiceOptions, createCallbacksService } from './callbacks.service.ts';
import { findCallback, openPlaces, type StoredCallback } from './callbacks.store.ts';
import { FollowUpNotices } from './follow-up-notices.ts';
import { KeptPlaces } from './kept-places.ts';

export { type KeptPlace, type PlaceCallPlan, planPlaceCall, type Reach } from './callback-rules.ts';
export type { PlaceRequest } from './callbacks.service.ts';
export { reachOf } from './reach.ts';
export { createSiteVerify } from './site-verify.ts';

export type CallbacksOptions = Omit<CallbacksServiceOptions & CallbackFormsOptions, 'onChanged'> & {
  bus: Bus;
  realtime: Pick<Realtime, 'provide' | 'publish' | 'hasListeners'>;
  logger: Logger;
  /** How many voicemails nobody has heard, by queue: told together with what is due. */
  newVoicemails(): Promise<ReadonlyMap<string, number>>;
};

/** Callbacks: promised ones, kept places in queues, and those asked for on websites. */
export function createCallbacks(options: CallbacksOptions) {
  const { database, bus, clock, logger } = options;
  const places = new KeptPlaces({ bus, clock, logger, load: () => openPlaces(database), find: (id) => findCallback(database, id) });
  const notices = new FollowUpNotices(options);
  const onChanged = (callback: StoredCallback): void => {
    places.changed(callback);
    notices.changed();
  };
  const service = createCallbacksService({ ...options, onChanged });
  const forms = createCallbackForms({ ...options, onChanged });
  const { noteDialled, noteAttempt, takePlace, claimPlace, releasePlace, sweep } = service;
  return {
    registerRoutes(app: HttpApp): void {
      registerCallbackRoutes(app, service);
      registerCallbackFormRoutes(app, forms);
    },
    /** Reads the kept places: at the start, and when messages of other servers may have been missed. */
    load: () => places.load(),
    stop(): void {
      places.stop();
      notices.stop();
    },
    /** What voicemail and others change is told with what is due. */
    noticesChanged: () => notices.changed(),
    ...{ noteDialled, noteAttempt, takePlace, claimPlace, releasePlace, sweep },
    /** The kept places whose time has come, to be routed like waiting calls. */
    waitingPlaces: (): KeptPlace[] => places.waiting(),
    /** Told when a place came, went or became due. */
    onPlaces: (listener: () => void) => places.onChange(listener),
  };
}
export type Callbacks = ReturnType<typeof createCallbacks>;
