import { isPortFree, portHolder, type Transport } from './ports.ts';
import { WrongSetting, type Settings } from './settings.ts';

/**
 * Looks at every port before anything is started, so that a busy one is told in one go and nothing has to be taken down again.
 * Throws {@link WrongSetting} naming each busy port, who holds it if that can be told, and the setting that changes it.
 */
export async function checkPorts(settings: Settings): Promise<void> {
  const needed: { what: string; port: number; transport: Transport; host: string; setting: string }[] = [
    { what: 'the console', port: settings.httpPort, transport: 'tcp', host: settings.httpHost, setting: '--port or HTTP_PORT' },
  ];
  if (!settings.databaseUrl)
    needed.push({ what: 'Postgres', port: settings.postgresPort, transport: 'tcp', host: '127.0.0.1', setting: 'POSTGRES_PORT' });
  if (!settings.ariUrl) {
    needed.push({ what: 'Asterisk (ARI)', port: settings.ariPort, transport: 'tcp', host: '127.0.0.1', setting: 'ARI_PORT' });
    needed.push({
      what: 'SIP',
      port: settings.sipPort,
      transport: 'udp',
      host: settings.lan ? '0.0.0.0' : '127.0.0.1',
      setting: 'SIP_PORT',
    });
  }
  if (settings.lan)
    needed.push({ what: 'HTTPS', port: settings.lan.port, transport: 'tcp', host: settings.lan.host, setting: 'EDGE_PORT' });
  const busy: string[] = [];
  for (const { what, port, transport, host, setting } of needed) {
    if (await isPortFree(port, transport, host)) continue;
    busy.push(
      `  ${transport === 'udp' ? 'UDP' : 'TCP'} port ${port} for ${what} is held by ${portHolder(port, transport) ?? 'a process of another user'}; ${setting} takes another.`,
    );
  }
  if (busy.length > 0)
    throw new WrongSetting(`These ports are busy:\n${busy.join('\n')}\nCENTRALITA_PORT_OFFSET=100 moves all of them at once.`);
}
