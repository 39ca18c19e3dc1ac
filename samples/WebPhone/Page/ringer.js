// Rings, and sounds of keys. No files: two tones.
let context;

export function startRinging() {
  const ring = () => tone([440, 480], 0.9, 0.06);
  ring();
  const timer = setInterval(ring, 2400);
  return () => clearInterval(timer);
}

export function clickKey() { tone([620], 0.06, 0.03); }

function tone(frequencies, seconds, volume) {
  try {
    context ??= new AudioContext();
    const gain = context.createGain();
    const now = context.currentTime;
    gain.gain.setValueAtTime(0, now);
    gain.gain.linearRampToValueAtTime(volume, now + 0.02);
    gain.gain.setValueAtTime(volume, now + seconds - 0.02);
    gain.gain.linearRampToValueAtTime(0, now + seconds);
    gain.connect(context.destination);
    for (const frequency of frequencies) {
      const oscillator = context.createOscillator();
      oscillator.frequency.value = frequency;
      oscillator.connect(gain);
      oscillator.start(now);
      oscillator.stop(now + seconds);
    }
  } catch { /* A page that may not make sounds yet. */ }
}
