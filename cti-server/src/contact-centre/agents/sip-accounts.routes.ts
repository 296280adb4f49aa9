import { sipAccount } from '../../contracts/index.ts';
import { type HttpApp, viewerOf } from '../../platform/http.ts';
import type { SipAccounts } from './sip-accounts.service.ts';

/** POST /api/agent/sip-account: the account of this browser session. */
export function sipAccountRoutes(app: HttpApp, dependencies: { sipAccounts: SipAccounts }): void {
  app.post('/api/agent/sip-account', {
    config: { access: ['calls.take'] },
    schema: { tags: ['agents'], summary: "Make this browser session's SIP account, or renew its password", response: { 200: sipAccount } },
    handler: (request) => dependencies.sipAccounts.make(viewerOf(request)),
  });
}
