/** FNV-1a over bytes: what the contestants compare their work by. */
export class Checksum {
  private state: number = 0x811c9dc5 | 0;

  add(bytes: Uint8Array, length: number): void {
    let state = this.state;
    for (let i = 0; i < length; i++) state = Math.imul(state ^ bytes[i], 16777619);
    this.state = state;
  }

  /** As the C programs print it. */
  toString(): string {
    return (this.state >>> 0).toString(16).padStart(8, "0");
  }
}
