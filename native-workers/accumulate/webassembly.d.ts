// The part of the WebAssembly interface used here; TypeScript ships it with the DOM's types alone.
declare namespace WebAssembly {
  class Memory {
    /** With `shared`, threads get the same memory where it is posted to them; its buffer is a SharedArrayBuffer then. */
    constructor(descriptor: { initial: number; maximum?: number; shared?: boolean });
    readonly buffer: ArrayBuffer;
    grow(pages: number): number;
  }
  class Module {
    constructor(bytes: Uint8Array);
  }
  class Instance {
    constructor(module: Module, imports: Record<string, Record<string, unknown>>);
    readonly exports: Record<string, unknown>;
  }
}
