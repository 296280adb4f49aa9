import { z } from 'zod';
import type { CaptchaCheck } from '../../crm/leads/index.ts';
import { Refusal } from '../../platform/errors.ts';

const patienceMs = 5_000;
const answer = z.object({ success: z.boolean() });

/**
 * Asks the service behind a captcha. reCAPTCHA, hCaptcha and Turnstile share this way of asking: secret, response and address in, `success`
 * out. 503 `unavailable` when it cannot be reached: letting everybody in would be what machines wait for.
 */
export function createSiteVerify(service: { url: string; secret: string }): CaptchaCheck {
  return {
    async isPerson(token, address) {
      if (token === undefined || token === '') return false;
      try {
        const response = await fetch(service.url, {
          method: 'POST',
          body: new URLSearchParams({ secret: service.secret, response: token, remoteip: address }),
          signal: AbortSignal.timeout(patienceMs),
        });
        return answer.parse(await response.json()).success;
      } catch {
        throw new Refusal(503, 'unavailable', 'The captcha’s service cannot be reached just now.');
      }
    },
  };
}
