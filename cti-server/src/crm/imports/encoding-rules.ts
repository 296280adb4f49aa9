/** Which encoding a text file has, by its bytes. Pure. */
import type { TextEncoding } from '../../contracts/index.ts';

/**
 * By the mark at the beginning, by what is valid, and by how often what occurs.
 * @param sample the file's beginning, some 100 kB are plenty
 * @param isUtf8 whether the whole file is valid UTF-8: one letter far behind decides
 */
export function detectEncoding(sample: Uint8Array, isUtf8: boolean): TextEncoding {
  if (sample[0] === 0xff && sample[1] === 0xfe) return 'utf-16le';
  if (sample[0] === 0xfe && sample[1] === 0xff) return 'utf-16be';
  const zeros = zeroPlaces(sample);
  if (zeros.odd > 0 && zeros.even === 0) return 'utf-16le';
  if (zeros.even > 0 && zeros.odd === 0) return 'utf-16be';
  if (zeros.odd + zeros.even > sample.length / 10) return zeros.odd >= zeros.even ? 'utf-16le' : 'utf-16be';
  if (isUtf8) return 'utf-8';
  return isChinese(sample) ? 'gb18030' : 'windows-1252';
}

/** Whatever the language, commas and line ends have a zero byte in UTF-16, and always on the same side. */
function zeroPlaces(bytes: Uint8Array): { even: number; odd: number } {
  const places = { even: 0, odd: 0 };
  for (let i = 0; i < bytes.length; i += 1) if (bytes[i] === 0) places[i % 2 === 0 ? 'even' : 'odd'] += 1;
  return places;
}

/**
 * Chinese characters of GB18030 have two bytes, of which the second of a common one is high too. Accented letters of Latin-1 stand alone
 * between plain letters; where two stand together ("São Tomé – ñá") they are few.
 */
function isChinese(bytes: Uint8Array): boolean {
  let pairs = 0;
  let alone = 0;
  let common = 0;
  for (let i = 0; i < bytes.length; i += 1) {
    const lead = bytes[i] ?? 0;
    if (lead < 0x80) continue;
    const trail = bytes[i + 1] ?? 0;
    if (trail < 0x80) {
      // also the second half of a rarer character, or the first half of one whose trail is a plain letter
      alone += 1;
      continue;
    }
    pairs += 1;
    // hanzi of the first level, punctuation, and letters of full width
    if (trail >= 0xa1 && ((lead >= 0xb0 && lead <= 0xd7) || (lead >= 0xa1 && lead <= 0xa3))) common += 1;
    i += 1;
  }
  return pairs > 0 && pairs > alone * 2 && common * 2 > pairs && isValid('gb18030', bytes);
}

function isValid(encoding: string, bytes: Uint8Array): boolean {
  try {
    // the sample may end within a character
    new TextDecoder(encoding, { fatal: true }).decode(bytes, { stream: true });
    return true;
  } catch {
    return false;
  }
}
