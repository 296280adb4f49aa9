/** Tones in the telephone network's own coding, so that who hears whom can be told by pitch. */

/**
 * A sine tone as G.711 A-law, 8000 samples a second, about 9 dB below full scale. The tone joins its own beginning without a click when
 * `hertz * seconds` is a whole number.
 */
export function alawTone(hertz: number, seconds: number): Buffer {
  const amplitude = 32767 * 10 ** (-9 / 20);
  const samples = Math.round(8000 * seconds);
  return Buffer.from(
    Array.from({ length: samples }, (_, index) => alawFromLinear(Math.round(amplitude * Math.sin((2 * Math.PI * hertz * index) / 8000)))),
  );
}

/** One 16-bit sample to A-law (ITU-T G.711). */
function alawFromLinear(sample: number): number {
  const sign = sample >= 0 ? 0x80 : 0;
  const magnitude = Math.min(sample >= 0 ? sample : -sample - 1, 32767) >> 4;
  let exponent = 0;
  while (magnitude >> (exponent + 5) > 0) exponent += 1;
  const mantissa = exponent === 0 ? magnitude >> 1 : magnitude >> exponent;
  const segment = magnitude < 32 ? (magnitude >= 16 ? 1 : 0) : exponent + 1;
  return ((segment << 4) | (mantissa & 0x0f) | sign) ^ 0x55;
}
