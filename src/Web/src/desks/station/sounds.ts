// A verdict is heard before it is read: one high note, two middle ones, three low ones.
let context: AudioContext | undefined;
const quietKey = "kal.quiet";
const notes: Record<string, [number, number, number][]> = {
  good: [[1320, 0, 0.12]],
  warn: [
    [740, 0, 0.14],
    [740, 0.2, 0.14],
  ],
  stop: [
    [300, 0, 0.22],
    [300, 0.28, 0.22],
    [300, 0.56, 0.32],
  ],
};

export const isQuiet = () => localStorage.getItem(quietKey) === "1";

export function beQuiet(quiet: boolean) {
  if (quiet) localStorage.setItem(quietKey, "1");
  else localStorage.removeItem(quietKey);
}

export function sound(tone: string) {
  const tune = notes[tone];
  if (!tune || isQuiet()) return;
  context ??= new AudioContext();
  if (context.state === "suspended") void context.resume();
  for (const [pitch, after, length] of tune) {
    const oscillator = context.createOscillator();
    const volume = context.createGain();
    const start = context.currentTime + after;
    oscillator.type = tone === "stop" ? "square" : "sine";
    oscillator.frequency.value = pitch;
    volume.gain.setValueAtTime(0.0001, start);
    volume.gain.exponentialRampToValueAtTime(0.25, start + 0.01);
    volume.gain.exponentialRampToValueAtTime(0.0001, start + length);
    oscillator.connect(volume).connect(context.destination);
    oscillator.start(start);
    oscillator.stop(start + length + 0.02);
  }
}
