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

/** Exactly what was unpacked, by package name: version and SHA-256 of the archive. */
export type PackageVersions = Record<string, { version: string; sha256: string }>;

export interface FetchRequest {
  suite: string;
  packages: readonly string[];
  /** Gets `root/` with the unpacked files and `versions.json`. */
  folder: string;
  /** A package whose version must begin with this, for instance `1:22.`. */
  expect?: { name: string; versionStart: string };
  onStep?: (step: string) => void;
}

/**
 * Downloads packages of one Debian suite with this machine's own apt (its mirror, proxy and keys) into a private state folder and unpacks
 * them into `folder/root`. Needs no root and changes nothing on the machine. The unpacked tree appears at once and whole, or not at all.
 */
export async function fetchDebianPackages(request: FetchRequest): Promise<PackageVersions> {
  const reason = whyNoDebian();
  if (reason) throw new NoDebian(reason);
  const { debian } = debianArchitecture();
  const state = await freshFolder(join(request.folder, 'apt'));
  const emptyStatus = join(state, 'status');
  const sources = join(state, 'sources.list');
  await writeFile(emptyStatus, '');
  await writeFile(sources, `deb [signed-by=${keyring}] ${await debianMirror()} ${request.suite} main\n`);
  const apt = await privateApt(state, [
    `Dir::State::status "${emptyStatus}";`,
    `Dir::Etc::SourceList "${sources}";`,
    'Dir::Etc::SourceParts "/dev/null";',
    'Dir::Etc::Preferences "/dev/null";',
    'Dir::Etc::PreferencesParts "/dev/null";',
    `APT::Architecture "${debian}";`,
    `APT::Architectures "${debian}";`,
  ]);
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
  return unpack(apt, request.packages, request.folder, request.onStep);
}

/**
 * The same for a program of this machine's own Debian release: fetches it and what it needs beyond the packages that are installed
 * already, so it runs with the machine's libraries plus {@link libraryPath}.
 */
export async function fetchMissingPackages(request: Omit<FetchRequest, 'suite' | 'expect'>): Promise<PackageVersions> {
  const reason = whyNoDebian();
  if (reason) throw new NoDebian(reason);
  const apt = await privateApt(await freshFolder(join(request.folder, 'apt')), ['Dir::State::status "/var/lib/dpkg/status";']);
  request.onStep?.('reading the package list');
  await apt('apt-get', ['-qq', 'update']);
  const plan = await apt('apt-get', ['-qq', '-y', '--print-uris', '--no-install-recommends', 'install', ...request.packages]);
  const files = [...plan.matchAll(/^'\S+' (\S+?)_/gm)].map((found) => found[1] ?? '');
  return unpack(apt, [...new Set([...request.packages, ...files])], request.folder, request.onStep);
}

type Apt = (tool: string, args: string[], cwd?: string) => Promise<string>;

/** An apt whose lists and locks are in `state`, so that it needs no root and leaves the machine's own apt alone. */
async function privateApt(state: string, settings: string[]): Promise<Apt> {
  for (const folder of ['lists/partial', 'cache/archives/partial', 'state']) await mkdir(join(state, folder), { recursive: true });
  const configuration = join(state, 'apt.conf');
  await writeFile(
    configuration,
    [
      `Dir::State "${state}/state";`,
      `Dir::State::Lists "${state}/lists";`,
      `Dir::Cache "${state}/cache";`,
      `APT::Sandbox::User "${userInfo().username}";`,
      'Acquire::Languages "none";',
      'Acquire::Retries "3";',
      'Debug::NoLocking "true";',
      ...settings,
    ].join('\n'),
  );
  const env = { ...process.env, APT_CONFIG: configuration, LC_ALL: 'C' };
  return async (tool, args, cwd = state) => {
    try {
      return (await run(tool, args, { env, cwd, maxBuffer: 1 << 24 })).stdout;
    } catch (error) {
      const told = error instanceof Error && 'stderr' in error ? String(error.stderr).trim() : String(error);
      throw new Error(`${tool} ${args.slice(0, 3).join(' ')} … failed:\n${told}`, { cause: error });
    }
  };
}

async function unpack(apt: Apt, packages: readonly string[], folder: string, onStep?: (step: string) => void): Promise<PackageVersions> {
  const downloads = await freshFolder(join(folder, 'downloads'));
  const unpacked = await freshFolder(join(folder, 'root.new'));
  onStep?.(`downloading ${packages.length} packages`);
  await apt('apt-get', ['-qq', 'download', ...new Set(packages)], downloads);
  onStep?.('unpacking');
  const versions: PackageVersions = {};
  for (const file of (await readdir(downloads)).sort()) {
    const path = join(downloads, file);
    const [name = '', version = ''] = file.split('_');
    versions[name] = {
      version: decodeURIComponent(version),
      sha256: createHash('sha256')
        .update(await readFile(path))
        .digest('hex'),
    };
    await apt('dpkg-deb', ['-x', path, unpacked]);
  }
  // Only for people to read.
  for (const readable of ['doc', 'man', 'locale', 'lintian', 'bug'])
    await rm(join(unpacked, 'usr/share', readable), { recursive: true, force: true });
  await rm(join(folder, 'root'), { recursive: true, force: true });
  await rename(unpacked, join(folder, 'root'));
  for (const done of ['downloads', 'apt']) await rm(join(folder, done), { recursive: true, force: true });
  // Written last: whoever finds it finds the whole tree.
  await writeFile(join(folder, 'versions.json'), `${JSON.stringify(versions, null, 2)}\n`);
  return versions;
}

async function freshFolder(path: string): Promise<string> {
  await rm(path, { recursive: true, force: true });
  await mkdir(path, { recursive: true });
  return path;
}

/** Where the shared libraries of a tree made by {@link fetchMissingPackages} lie, for LD_LIBRARY_PATH. */
export function libraryPath(folder: string): string {
  const { libraries } = debianArchitecture();
  return [`usr/lib/${libraries}`, `lib/${libraries}`, 'usr/lib', `usr/lib/${libraries}/pulseaudio`]
    .map((path) => join(folder, 'root', path))
    .join(':');
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
