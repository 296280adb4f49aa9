type Sinkable = HTMLAudioElement & { setSinkId?: (id: string) => Promise<void> };

/** Three short notes on the chosen device, so that one hears whether the headset is the one. */
export async function playTestTone(deviceId: string): Promise<void> {
  const context = new AudioContext();
  const destination = context.createMediaStreamDestination();
  const out: Sinkable = new Audio();
  out.srcObject = destination.stream;
  await out.setSinkId?.(deviceId === 'default' ? '' : deviceId).catch(() => undefined); // unplugged meanwhile: on the system's own then
  const gain = context.createGain();
  gain.connect(destination);
  gain.gain.value = 0;
  for (const [index, frequency] of [523, 659, 784].entries()) {
    const at = context.currentTime + 0.1 + index * 0.28;
    const tone = context.createOscillator();
    tone.frequency.value = frequency;
    tone.connect(gain);
    tone.start(at);
    tone.stop(at + 0.26);
    gain.gain.setValueAtTime(0, at);
    gain.gain.linearRampToValueAtTime(0.18, at + 0.02);
    gain.gain.linearRampToValueAtTime(0, at + 0.25);
  }
  await out.play();
  setTimeout(() => void context.close(), 1500);
}
