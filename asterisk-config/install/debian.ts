import { createHash } from 'node:crypto';
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { arch, userInfo } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const keyring = '/usr/share/keyrings/debian-archive-keyring.gpg';

/** This machine cannot unpack Debian's packages; the message says why and what to do instead. */
export class NoDebian extends Error {
  override readonly name = 'NoDebian';
}
/** Debian offers something else than what was asked for. */
export class WrongPackage extends Error {
  override readonly name = 'WrongPackage';
}

const architectures: Record<string, { debian: string; libraries: string; loader: string }> = {
  x64: { debian: 'amd64', libraries: 'x86_64-linux-gnu', loader: 'ld-linux-x86-64.so.2' },
  arm64: { debian: 'arm64', libraries: 'aarch64-linux-gnu', loader: 'ld-linux-aarch64.so.1' },
};

/** Names that Debian uses for this machine's processor. Throws {@link NoDebian} for one that we have no packages for. */
export function debianArchitecture(): { debian: string; libraries: string; loader: string } {
  const found = architectures[arch()];
  if (!found) throw new NoDebian(`Debian's packages are only fetched for x64 and arm64; this machine is ${arch()}.`);
  return found;
}

/** Why this machine cannot fetch and unpack Debian's packages, or null when it can. */
export function whyNoDebian(): string | null {
  if (process.platform !== 'linux') return `this is ${process.platform}, not Linux`;
  if (!architectures[arch()]) return `there are no packages for ${arch()}`;
  for (const tool of ['/usr/bin/apt-get', '/usr/bin/dpkg-deb']) if (!existsSync(tool)) return `${tool} is missing`;
  if (!existsSync(keyring)) return `${keyring} is missing (package debian-archive-keyring)`;
  return null;
}

export interface FetchRequest {
  suite: string;
  packages: readonly string[];
  /** Gets `root/` with the unpacked files and `versions.json`. */
  folder: string;
  /** A package whose version must begin with this, for instance `1:22.`. */
  expect?: { name: string; versionStart: string };
  /** Folders inside `root/` that are only for people: dropped to save disk. */
  onStep?: (step: string) => void;
}

/** Exactly what was unpacked, by package name: version and SHA-256 of the archive. */
export type PackageVersions = Record<string, { version: string; sha256: string }>;

/**
 * Downloads packages with this machine's own apt (its mirror, proxy and keys) into a private state folder and unpacks them into
 * `folder/root`. Needs no root and changes nothing on the machine. The unpacked tree appears at once and whole, or not at all.
 */
export async function fetchDebianPackages(request: FetchRequest): Promise<PackageVersions> {
  const reason = whyNoDebian();
  if (reason) throw new NoDebian(reason);
  const { debian } = debianArchitecture();
  const state = join(request.folder, 'apt');
  const downloads = join(request.folder, 'downloads');
  const unpacked = join(request.folder, 'root.new');
  await rm(downloads, { recursive: true, force: true });
  await rm(unpacked, { recursive: true, force: true });
  for (const folder of ['lists/partial', 'cache/archives/partial', 'state']) await mkdir(join(state, folder), { recursive: true });
  await mkdir(downloads, { recursive: true });
  await mkdir(unpacked, { recursive: true });
  await writeFile(join(state, 'status'), '');
  await writeFile(join(state, 'sources.list'), `deb [signed-by=${keyring}] ${await debianMirror()} ${request.suite} main\n`);
  await writeFile(
    join(state, 'apt.conf'),
    [
      `Dir::State "${state}/state";`,
      `Dir::State::Lists "${state}/lists";`,
      `Dir::State::status "${state}/status";`,
      `Dir::Cache "${state}/cache";`,
      `Dir::Etc::SourceList "${state}/sources.list";`,
      'Dir::Etc::SourceParts "/dev/null";',
      'Dir::Etc::Preferences "/dev/null";',
      'Dir::Etc::PreferencesParts "/dev/null";',
      `APT::Architecture "${debian}";`,
      `APT::Architectures "${debian}";`,
      `APT::Sandbox::User "${userInfo().username}";`,
      'Acquire::Languages "none";',
      'Acquire::Retries "3";',
      'Debug::NoLocking "true";',
    ].join('\n'),
  );
  const env = { ...process.env, APT_CONFIG: join(state, 'apt.conf'), LC_ALL: 'C' };
  const apt = async (tool: string, args: string[], cwd = request.folder): Promise<string> => {
    try {
      return (await run(tool, args, { env, cwd, maxBuffer: 1 << 24 })).stdout;
    } catch (error) {
      const told = error instanceof Error && 'stderr' in error ? String(error.stderr).trim() : String(error);
      throw new Error(`${tool} ${args.slice(0, 3).join(' ')}… failed:\n${told}`, { cause: error });
    }
  };

  request.onStep?.(`reading the package list of Debian ${request.suite}`);
  await apt('apt-get', ['-qq', 'update']);
  if (request.expect) {
    const policy = await apt('apt-cache', ['policy', request.expect.name]);
    const candidate = /Candidate: (\S+)/.exec(policy)?.[1] ?? 'nothing';
    if (!candidate.startsWith(request.expect.versionStart))
      throw new WrongPackage(
        `Debian ${request.suite} offers ${request.expect.name} ${candidate}; this release needs ${request.expect.versionStart}x`,
      );
  }
  request.onStep?.(`downloading ${request.packages.length} packages`);
  await apt('apt-get', ['-qq', 'download', ...new Set(request.packages)], downloads);

  request.onStep?.('unpacking');
  const versions: PackageVersions = {};
  for (const file of (await readdir(downloads)).sort()) {
    const path = join(downloads, file);
    const [name = '', version = ''] = file.split('_');
    versions[name] = { version: decodeURIComponent(version), sha256: createHash('sha256').update(await readFile(path)).digest('hex') };
    await apt('dpkg-deb', ['-x', path, unpacked]);
  }
  for (const folder of ['doc', 'man', 'locale', 'lintian', 'bug']) await rm(join(unpacked, 'usr/share', folder), { recursive: true, force: true });
  await rm(join(request.folder, 'root'), { recursive: true, force: true });
  await rename(unpacked, join(request.folder, 'root'));
  await rm(downloads, { recursive: true, force: true });
  await rm(state, { recursive: true, force: true });
  await writeFile(join(request.folder, 'versions.json'), `${JSON.stringify(versions, null, 2)}\n`);
  return versions;
}

/** The mirror that this machine already uses for Debian, or the public one (an Ubuntu machine knows no Debian mirror). */
async function debianMirror(): Promise<string> {
  if (process.env['CENTRALITA_DEBIAN_MIRROR']) return process.env['CENTRALITA_DEBIAN_MIRROR'];
  try {
    const targets = await run('apt-get', ['indextargets', '--format', '$(REPO_URI)', 'Created-By: Packages']);
    const found = targets.stdout.split('\n').find((uri) => /\/debian\/?$/.test(uri));
    if (found) return found;
  } catch {
    // An apt too old to know `indextargets`: the public mirror serves it as well.
  }
  return 'http://deb.debian.org/debian/';
}

/** How to start a program of an unpacked tree with the tree's own C library. Its children get the machine's libraries again. */
export function unpackedCommand(folder: string, program: string): string[] {
  const { libraries, loader } = debianArchitecture();
  const path = join(folder, 'root/usr/lib', libraries);
  // PulseAudio keeps its private library in a folder of its own.
  return [join(path, loader), '--library-path', `${path}:${join(path, 'pulseaudio')}`, join(folder, 'root', program)];
}
