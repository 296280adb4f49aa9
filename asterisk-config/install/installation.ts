import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { debianArchitecture, fetchDebianPackages, unpackedCommand, WrongPackage } from './debian.ts';
import { asteriskMajor, asteriskPackages, debianSuite, speechPackages } from './packages.ts';

const run = promisify(execFile);

/** An Asterisk on this machine and where its parts lie. */
export interface AsteriskInstallation {
  /** Program and leading arguments that start it. */
  command: string[];
  /** For instance `22.10.1~dfsg…`. */
  version: string;
  /** Folder of the loadable modules. */
  modulesFolder: string;
  /** Folder with documentation/, rest-api/, sounds/ and moh/. */
  dataFolder: string;
  /** Program and leading arguments of espeak-ng, which speaks the prompts; null when it is not there. */
  speechCommand: string[] | null;
}

/**
 * Finds an Asterisk 22: the one named by ASTERISK_PROGRAM, else one that was unpacked before into `folder`, else one that the machine has,
 * else unpacks one from Debian into `folder`. Throws when only another major version is there.
 */
export async function installAsterisk(folder: string, onStep: (step: string) => void = () => {}): Promise<AsteriskInstallation> {
  const named = process.env['ASTERISK_PROGRAM'];
  if (named) return machineInstallation(named, true);
  if (!existsSync(join(folder, 'versions.json'))) {
    const own = existsSync('/usr/sbin/asterisk') ? await machineInstallation('/usr/sbin/asterisk', false).catch(() => null) : null;
    if (own) return own;
    await fetchDebianPackages({
      suite: debianSuite,
      packages: [...asteriskPackages, ...speechPackages],
      folder,
      expect: { name: 'asterisk', versionStart: `1:${asteriskMajor}.` },
      onStep,
    });
  }
  const command = unpackedCommand(folder, 'usr/sbin/asterisk');
  return {
    command,
    version: await versionOf(command),
    modulesFolder: join(folder, 'root/usr/lib', debianArchitecture().libraries, 'asterisk/modules'),
    dataFolder: join(folder, 'root/usr/share/asterisk'),
    speechCommand: [
      ...unpackedCommand(folder, 'usr/bin/espeak-ng'),
      `--path=${join(folder, 'root/usr/lib', debianArchitecture().libraries)}`,
    ],
  };
}

async function machineInstallation(program: string, askedFor: boolean): Promise<AsteriskInstallation> {
  const version = await versionOf([program]);
  if (Number.parseInt(version, 10) !== asteriskMajor) {
    const what = `${program} is Asterisk ${version}; this release needs Asterisk ${asteriskMajor}`;
    throw new WrongPackage(askedFor ? `${what}. Unset ASTERISK_PROGRAM to have the right one unpacked.` : what);
  }
  const libraries = debianArchitecture().libraries;
  const modulesFolder = [process.env['ASTERISK_MODULES'], `/usr/lib/${libraries}/asterisk/modules`, '/usr/lib/asterisk/modules'].find(
    (path) => path && existsSync(path),
  );
  const dataFolder = [process.env['ASTERISK_DATA'], '/usr/share/asterisk', '/var/lib/asterisk'].find(
    (path) => path && existsSync(join(path, 'documentation')),
  );
  if (!modulesFolder || !dataFolder)
    throw new WrongPackage(`${program} is there but not its modules or data: set ASTERISK_MODULES and ASTERISK_DATA.`);
  return {
    command: [program],
    version,
    modulesFolder,
    dataFolder,
    speechCommand: existsSync('/usr/bin/espeak-ng') ? ['/usr/bin/espeak-ng'] : null,
  };
}

async function versionOf(command: string[]): Promise<string> {
  const [program = '', ...args] = command;
  const { stdout } = await run(program, [...args, '-V']);
  return /Asterisk (\S+)/.exec(stdout)?.[1] ?? stdout.trim();
}
