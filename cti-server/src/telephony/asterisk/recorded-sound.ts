/** The file of a recording. It comes over HTTP: bytes do not fit into the JSON of the socket. */
import type { Outcome, RecordedSound } from '../port.ts';

/** A long voicemail is a few megabytes; a switch that does not send them within this time does not send them. */
const fetchTimeoutMs = 30_000;

export async function fetchSound(ari: { url: string; user: string; password: string }, recordingId: string): Promise<Outcome<RecordedSound>> {
  const address = new URL(`/ari/recordings/stored/${recordingId}/file`, ari.url);
  const authorization = `Basic ${Buffer.from(`${ari.user}:${ari.password}`).toString('base64')}`;
  try {
    const answer = await fetch(address, { headers: { authorization }, signal: AbortSignal.timeout(fetchTimeoutMs) });
    if (answer.ok) return { outcome: 'ok', value: { mediaType: 'audio/wav', bytes: new Uint8Array(await answer.arrayBuffer()) } };
    await answer.body?.cancel();
    if (answer.status === 404) return { outcome: 'rejected', reason: 'no such recording' };
    return { outcome: answer.status >= 500 ? 'unknown' : 'rejected', reason: String(answer.status) };
  } catch (error) {
    return { outcome: 'unavailable', reason: error instanceof Error ? error.message : 'not fetched' };
  }
}
