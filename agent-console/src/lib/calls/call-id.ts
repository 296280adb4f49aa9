/**
 * A UUID of version 7 (RFC 9562): 48 bits of time, the rest by chance. Whoever asks for a call names it first, so that asking twice, by a
 * second click or after an answer that got lost, never makes a second call.
 */
export function newCallId(nowMs: number, random: Uint8Array = crypto.getRandomValues(new Uint8Array(10))): string {
  const time = nowMs.toString(16).padStart(12, '0');
  const hex = [...random].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  const variant = ((Number.parseInt(hex.slice(3, 4), 16) & 0b0011) | 0b1000).toString(16);
  return `${time.slice(0, 8)}-${time.slice(8)}-7${hex.slice(0, 3)}-${variant}${hex.slice(4, 7)}-${hex.slice(7, 19)}`;
}
