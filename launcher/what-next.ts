import { join, relative } from 'node:path';
import { dataFolder } from './folders.ts';
import { setupCode } from './setup-code.ts';
import type { Settings } from './settings.ts';

/** What a newcomer reads when everything runs: where to go, who to be, and what to try. */
export async function whatNext(settings: Settings, address: string, seconds: number): Promise<string> {
  const path = join(dataFolder, 'logs');
  const fromHere = relative(process.cwd(), path);
  const logs = fromHere.startsWith('..') ? path : fromHere;
  const lines = ['', `Centralita is ready after ${seconds.toFixed(1)} s:  ${address}`, ''];
  if (settings.demo)
    lines.push(
      'Demo logins, all with the password  demo-centralita :',
      '  ana, bruno, lin    agents',
      '  supervisor         sees queues and agents live',
      '  admin              sets everything up',
      '',
      'What to do next:',
      '  1. Log in as ana and go to "Ready".',
      '  2. Press "Ring me": the phone line itself calls in as one of the demo customers.',
      `  3. Or ring with any SIP phone on this machine, without an account: sip:900@127.0.0.1:${settings.sipPort}`,
      '     (900 in Spanish, 901 in English, 902 in Chinese)',
    );
  else if (await isSetUp(settings)) lines.push('What to do next: open the address and log in.');
  else
    lines.push(
      'What to do next:',
      `  1. Open the address and make the administrator. The set-up code is  ${setupCode()}`,
      '  2. Make queues, agents and numbers, then connect your line to the outside: the page for operators tells how.',
    );
  if (settings.lan)
    lines.push(
      '',
      `Other machines of the office use the same address. Let TCP ${settings.lan.port}, UDP ${settings.sipPort} and UDP ${settings.rtpPorts.join('-')} through the firewall.`,
    );
  lines.push('', `Logs are in ${logs}. Ctrl-C ends everything.`);
  return lines.join('\n');
}

async function isSetUp(settings: Settings): Promise<boolean> {
  try {
    const answer = await fetch(`http://127.0.0.1:${settings.httpPort}/api/public`, { signal: AbortSignal.timeout(2_000) });
    return !((await answer.json()) as { setupNeeded: boolean }).setupNeeded;
  } catch {
    // It only decides which hint is shown; the page itself asks for the code where one is needed.
    return false;
  }
}
