/**
 * Which Debian packages make up each tool that is unpacked without root. Every list is closed over the shared libraries that the tool
 * loads, C library included, so that it runs on any Debian or Ubuntu, whatever its own versions are.
 */

/** Debian's present testing branch: has Asterisk 22, which Debian 12 and 13 do not, and changes more slowly than unstable. */
export const debianSuite = 'forky';

/** The only major version whose behaviour the dialplan and the ARI adapter are written for. */
export const asteriskMajor = 22;

/** The version that this release was tested with; another 22 is used as well, and said so. */
export const testedAsterisk = '22.10.1';

const cLibrary = ['libc6', 'libgcc-s1', 'libstdc++6', 'zlib1g'];

export const asteriskPackages = [
  'asterisk',
  'asterisk-modules',
  'asterisk-core-sounds-en-gsm',
  'asterisk-moh-opsound-gsm',
  ...cLibrary,
  'libbsd0',
  'libcap2',
  'libcrypt1',
  'libedit2',
  'libgsm1',
  'libjansson4',
  'libmd0',
  'libnspr4',
  'libnss3',
  'libogg0',
  'libopus0',
  'libopusenc0',
  'libopusfile0',
  'libsqlite3-0',
  'libsrtp2-1',
  'libssl3t64',
  'libsystemd0',
  'libtinfo6',
  'liburiparser1',
  'libuuid1',
  'libxml2-16',
  'libxslt1.1',
  'libzstd1',
];

/** espeak-ng is linked against sound cards' libraries even when it only writes files. */
export const speechPackages = [
  'espeak-ng',
  'espeak-ng-data',
  'libespeak-ng1',
  'libpcaudio0',
  'libsonic0',
  'libasound2t64',
  'libpulse0',
  'libasyncns0',
  'libdbus-1-3',
  'libsndfile1',
  'libflac14',
  'libmpg123-0t64',
  'libmp3lame0',
  'libvorbis0a',
  'libvorbisenc2',
  'libx11-6',
  'libx11-xcb1',
  'libxcb1',
  'libxau6',
  'libxdmcp6',
];

/** A SIP load generator: the outside world of tests and benchmarks. */
export const sippPackages = ['sip-tester'];
/** Jobs and fan-out over Redis are tested as well as over Postgres. */
export const redisPackages = ['redis-server', 'redis-tools'];
/** A browser with a microphone that plays a tone, and the letters that three of our four languages need. */
export const browserPackages = ['chromium', 'fonts-noto-cjk'];
