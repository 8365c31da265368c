// The phone's counter and its start. The server knows when it met this start of the counter; the wall clock is only told, never believed (law 2).
export const newId = () => crypto.getRandomValues(new Uint8Array(16));

// What a fact is stamped with.
export interface Stamp {
  boot: Uint8Array;
  counterUs: bigint;
  wallUs: bigint;
}

export interface Clocks {
  counterMs: () => number;
  wallMs: () => number;
}

// A counter that stands still while the phone sleeps would make what is done afterwards look earlier than it was, so a jump of the one clock against the other begins a new
// start: whatever the phone was doing in between, nothing before the jump says anything of the time behind it.
const jumpMs = 2_000;

export class Counter {
  private boot = newId();
  private counter: number;
  private wall: number;

  constructor(private readonly clocks: Clocks = { counterMs: () => performance.now(), wallMs: () => Date.now() }) {
    this.counter = clocks.counterMs();
    this.wall = clocks.wallMs();
  }

  now(): Stamp {
    const [counter, wall] = [this.clocks.counterMs(), this.clocks.wallMs()];
    if (Math.abs(wall - this.wall - (counter - this.counter)) > jumpMs) this.boot = newId();
    [this.counter, this.wall] = [counter, wall];
    // 0 would say that nothing is known.
    return { boot: this.boot, counterUs: BigInt(Math.floor(counter * 1000)) + 1n, wallUs: BigInt(Math.floor(wall * 1000)) };
  }
}
