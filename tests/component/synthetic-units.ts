import type { InputKind, ShownInputs } from '#core/domain/shown-inputs.ts';
import type { TopInputsAnswer, UnitDetails, UnitMaps } from '#core/ipc/areas/unit.ts';
import type { TensorGeometry } from '#core/ipc/engine.ts';
import { sharedHistograms } from '#core/numeric/histograms/shared-histograms.ts';
import { layerPlans, pairResult } from './synthetic.ts';

/** Answers about single units: invented inputs of 28 x 28, maps of 14 x 14. */
const geometry: TensorGeometry = {
  channels: 48,
  height: 14,
  width: 14,
  field: {
    kind: 'window',
    axes: [
      { size: 10, jump: 2, start: -4 },
      { size: 10, jump: 2, start: -4 },
    ],
  },
};

const imagesOf = (unit: number) =>
  Int32Array.from({ length: 9 }, (_, rank) => (unit * 37 + rank * 101) % 2000);

export function shownInputs(
  images: readonly number[],
  kind: InputKind = 'picture',
  channels = 2,
): ShownInputs {
  if (kind === 'text') return shownText(images);
  const [rows, cols] = { picture: [28, 28], trace: [channels, 60], row: [1, 24] }[kind];
  const size = { picture: [1, 28, 28], trace: [channels, 1, 60], row: [24, 1, 1] }[kind];
  const count = images.length * rows * cols;
  const values = kind === 'picture' ? new Uint8Array(count) : new Float32Array(count);
  for (let at = 0; at < count; at++) {
    const image = images[Math.floor(at / rows / cols)];
    const wave = Math.sin((at % (rows * cols)) * (0.05 + (image % 7) / 60));
    values[at] = kind === 'picture' ? 127.5 * (1 + wave) : wave;
  }
  return {
    ...{ kind, images: Int32Array.from(images), rows, cols, depth: 1, values },
    size: { channels: size[0], height: size[1], width: size[2] },
    ...(kind === 'picture' ? { low: 0, high: 1 } : { low: -1, high: 1 }),
  };
}

/** As many tokens as the maps have places; the last ones are padding, and one id has no word. */
function shownText(images: readonly number[]): ShownInputs {
  const sentence = ' The| cat| sat| on| the| mat|,| and| un|believ|ably|\n| café| 90'.split('|');
  const cols = geometry.height * geometry.width;
  const words: Record<number, string> = { 99: '[PAD]' };
  sentence.forEach((word, id) => (words[id] = word));
  const values = Float32Array.from({ length: images.length * cols }, (_, at) => {
    const place = at % cols;
    return place >= 180 ? 99 : place === 7 ? 5000 : (place + images[Math.floor(at / cols)]) % sentence.length;
  });
  return {
    ...{ kind: 'text', images: Int32Array.from(images), rows: 1, cols, depth: 1, values, words },
    ...{ size: { channels: 1, height: 1, width: cols }, low: 0, high: 5000 },
  };
}

interface UnitsAsked {
  units: number[];
}

export function topInputs({ units }: UnitsAsked, kind: InputKind = 'picture'): TopInputsAnswer {
  return {
    units: units.map((unit) => ({
      unit,
      images: imagesOf(unit),
      values: Float32Array.from({ length: 9 }, (_, rank) => 5 - rank / 4),
      places: Int32Array.from({ length: 9 }, (_, rank) => (unit * 13 + rank * 29) % 196),
    })),
    geometry,
    inputs: shownInputs([...new Set(units.flatMap((unit) => [...imagesOf(unit)]))], kind),
  };
}

/** A bump at the place that the top inputs name, of the value that they name. */
export function unitMaps({ looks }: { looks: { unit: number; images: number[] }[] }): UnitMaps {
  const maps = looks.map(({ unit, images }) => {
    const [{ places, values }] = topInputs({ units: [unit] }).units;
    const map = new Float32Array(images.length * 196);
    images.forEach((_, rank) => (map[rank * 196 + places[rank]] = values[rank]));
    return map;
  });
  return { height: 14, width: 14, maps };
}

export function unitDetails({ layer, unit }: { layer: string; unit: number }): UnitDetails {
  const values = Float32Array.from({ length: 25 }, (_, at) => Math.sin(at + unit));
  return { geometry, filter: layer === 'conv1' ? { channels: 1, height: 5, width: 5, values } : null };
}

export function distribution({ units }: { units: unknown[] }) {
  const series = units.map((_, at) =>
    Float32Array.from({ length: 500 }, (_value, k) => Math.max(0, Math.sin(k * (1.3 + at)) * 3)),
  );
  return {
    ...{ images: 512, ofImages: 2000, source: 'run' },
    ...sharedHistograms(series, 40),
    points: series.length === 2 ? { x: series[0], y: series[1] } : null,
  };
}

export function unitPartners({ network, layer, unit }: { network: string; layer: string; unit: number }) {
  const names = ['Net1', 'Net2', 'Net3', 'Net4'].filter((name) => name !== network);
  const plan = layerPlans.find(({ name }) => name === layer) ?? layerPlans[0];
  return {
    partners: names.map((name) => {
      const { table } = pairResult(plan.name, network, name);
      return {
        ...{ network: name, match: table.matchB[unit], matchValue: table.matchValue[unit] },
        ...{ semi: table.semiB[unit], semiValue: table.semiValue[unit] },
      };
    }),
  };
}
