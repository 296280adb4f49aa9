/** Measures how loud a stream is, 0 to 1, some fifteen times a second, until stopped. */
export function meterLevel(stream: MediaStream, onLevel: (level: number) => void): () => void {
  const context = new AudioContext();
  const source = context.createMediaStreamSource(stream);
  const analyser = context.createAnalyser();
  analyser.fftSize = 512;
  source.connect(analyser);
  const samples = new Float32Array(analyser.fftSize);
  const timer = setInterval(() => {
    analyser.getFloatTimeDomainData(samples);
    let sum = 0;
    for (const sample of samples) sum += sample * sample;
    // Speech has a root mean square of 0.01 to 0.2: the square root spreads it over the bar.
    onLevel(Math.min(1, Math.sqrt(Math.sqrt(sum / samples.length) * 4) * 0.9));
  }, 66);
  return () => {
    clearInterval(timer);
    source.disconnect();
    void context.close();
  };
}
