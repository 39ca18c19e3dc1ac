// What a browser hears: its strongest frequency over a second, and how loud it is beside the rest.
export async function listen(connection) {
  const tracks = connection.getReceivers().map((receiver) => receiver.track).filter((track) => track?.kind === "audio");
  const stream = new MediaStream(tracks);
  // Without an element that plays it, Chromium does not decode what comes from others.
  const sink = new Audio();
  sink.muted = true;
  sink.srcObject = stream;
  sink.play().catch(() => {});
  const context = new AudioContext();
  await context.resume();
  const analyser = context.createAnalyser();
  analyser.fftSize = 8192;
  analyser.smoothingTimeConstant = 0;
  context.createMediaStreamSource(stream).connect(analyser);
  const bins = new Float32Array(analyser.frequencyBinCount);
  const sums = new Float64Array(bins.length);
  const rounds = 8;
  await pause(400);
  for (let i = 0; i < rounds; i++) {
    await pause(150);
    analyser.getFloatFrequencyData(bins);
    for (let k = 0; k < bins.length; k++) sums[k] += Number.isFinite(bins[k]) ? bins[k] : -200;
  }
  await context.close();
  let strongest = 3;
  for (let k = 3; k < sums.length; k++) if (sums[k] > sums[strongest]) strongest = k;
  const width = context.sampleRate / analyser.fftSize;
  const levelOf = (hz) => sums[Math.round(hz / width)] / rounds;
  const stats = [...(await connection.getStats()).values()];
  const transport = stats.find((entry) => entry.type === "transport");
  const inbound = stats.find((entry) => entry.type === "inbound-rtp" && entry.kind === "audio");
  return {
    hz: strongest * width, level: sums[strongest] / rounds, levels: Object.fromEntries([440, 660, 880].map((hz) => [hz, levelOf(hz)])),
    dtls: transport?.dtlsState, suite: transport?.srtpCipher, packets: inbound?.packetsReceived ?? 0,
    codec: stats.find((entry) => entry.id === inbound?.codecId)?.mimeType,
  };
}

const pause = (milliseconds) => new Promise((done) => { setTimeout(done, milliseconds); });
