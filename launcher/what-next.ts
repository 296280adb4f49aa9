import { readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { dataFolder } from './folders.ts';
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
  else
    lines.push(
      'What to do next:',
      `  1. Open the address. At the first visit it asks for the set-up code${await setupCode()} and makes the administrator.`,
      '  2. Make queues, agents and numbers, then set up your line to the outside (docs for operators).',
    );
  if (settings.lan) lines.push('', `Other machines of the office use the same address. Let TCP ${settings.lan.port}, UDP ${settings.sipPort} and UDP ${settings.rtpPorts.join('-')} through the firewall.`);
  lines.push('', `Logs are in ${logs}. Ctrl-C ends everything.`);
  return lines.join('\n');
}

async function setupCode(): Promise<string> {
  const kept = await readFile(join(dataFolder, 'setup-code'), 'utf8').catch(() => '');
  const code = process.env['SETUP_CODE'] ?? kept.trim();
  return code ? ` (${code})` : '';
}
