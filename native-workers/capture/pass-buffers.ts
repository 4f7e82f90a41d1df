import { AppError } from '#core/errors.ts';
import type { TokenMask } from '../data/token-mask.ts';
import { KernelMemory } from '../accumulate/pack-units.ts';
import type { LayerPlan, PlannedPart, Tap } from './tap-plan.ts';

/** One tensor of one network in kernel memory. */
export interface TapBuffer {
  tap: Tap;
  address: number;
  /** Of one image. */
  values: number;
}

/** Where a batch of activations lies in kernel memory: as the networks leave them, and as the layers' samples. */
export class PassBuffers {
  readonly memory = new KernelMemory();
  readonly #batch: number;
  readonly #layers: readonly LayerPlan[];
  readonly #taps: TapBuffer[][];
  /** Address of every part's [images, units, positions] values: its tensor's own, or where they are reduced to. */
  readonly #sources: number[][];
  /** Which positions are samples, where layers ask for it: one mask for all of them. */
  readonly #mask: { of: TokenMask; address: number } | null;

  /** @param taps of every network */
  constructor(taps: readonly Tap[][], layers: readonly LayerPlan[], batch: number) {
    this.#batch = batch;
    this.#layers = layers;
    this.#taps = taps.map((list) => list.map((tap) => this.#reserveTap(tap)));
    const masked = layers.find(({ mask }) => mask !== null)?.mask;
    this.#mask = masked ? { of: masked, address: this.memory.reserve(batch * masked.length) } : null;
    this.#sources = layers.map((layer) => layer.parts.map((part) => this.#reserveSource(part)));
  }

  tapsOf(network: number): readonly TapBuffer[] {
    return this.#taps[network];
  }

  bufferOf(network: number, output: string): TapBuffer {
    const buffer = this.#taps[network].find((entry) => entry.tap.output === output);
    if (!buffer) throw new AppError('internal', `Output ${output} has no buffer.`);
    return buffer;
  }

  source(layer: number, part: number): number {
    return this.#sources[layer][part];
  }

  /** Address of the batch's mask, uint8 [images, positions]; 0 where all positions of the layer are samples. */
  mask(layer: number): number {
    return this.#layers[layer].mask && this.#mask ? this.#mask.address : 0;
  }

  /** Makes the layers' samples where they are neither the tensors' own values nor there already. */
  reduce(images: Int32Array, isMade: (layer: number, part: number) => boolean): void {
    if (this.#mask) {
      const { of, address } = this.#mask;
      const rows = this.memory.uint8(address, images.length * of.length);
      images.forEach((image, at) => rows.set(of.rowOf(image), at * of.length));
    }
    this.#layers.forEach((layer, index) => {
      layer.parts.forEach(({ network, output, plan }, part) => {
        if (!plan.reduce || isMade(index, part)) return;
        const { address, values } = this.bufferOf(network, output);
        const out = this.memory.float32(
          this.#sources[index][part],
          images.length * plan.units * plan.positions,
        );
        plan.reduce(this.memory.float32(address, images.length * values), images, out);
      });
    });
  }

  #reserveTap(tap: Tap): TapBuffer {
    const values = tap.dims.reduce((product, size) => product * size, 1);
    return { tap, values, address: this.memory.reserve(this.#batch * values * 4) };
  }

  #reserveSource({ network, output, plan }: PlannedPart): number {
    return plan.reduce
      ? this.memory.reserve(this.#batch * plan.units * plan.positions * 4)
      : this.bufferOf(network, output).address;
  }
}
