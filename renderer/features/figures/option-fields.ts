import { z } from 'zod';
import { orderNames, orderWords } from '#core/domain/unit-orders.ts';
import { pageSpecSchema, type PanelKind } from '#core/figure/spec.ts';

interface Worded {
  key: string;
  label: string;
  hint: string;
}
/** A control for one option of a panel, as the spec's schema asks for it. */
export type OptionField = Worded &
  (
    | { control: 'number'; isInteger: boolean; isOptional: boolean; least?: number; most?: number }
    | { control: 'choice'; choices: { value: string | number; label: string }[] }
    | { control: 'toggle' }
    | { control: 'range' }
  );

interface OptionSchema {
  type?: string;
  properties?: Record<string, unknown>;
  enum?: string[];
  anyOf?: { const?: number | string }[];
  default?: unknown;
  minimum?: number;
  maximum?: number;
}

const words: Record<string, { label: string; hint: string }> = {
  colours: {
    label: 'Colours',
    hint: 'Diverging: blue below 0, white at 0, red above. Grey as in the paper: black the smallest, white the largest.',
  },
  range: {
    label: 'Range',
    hint: 'Values that the ends of the colour bar stand for; empty: chosen from the data or −1 to 1.',
  },
  count: { label: 'Shown', hint: 'How many are shown.' },
  inputs: { label: 'Top inputs', hint: 'Inputs that excite a unit most, strongest first, in a square.' },
  score: { label: 'Score', hint: 'What units are matched by.' },
  order: {
    label: 'Order',
    hint: 'One order, by semi-match value, for both curves, so that a unit stands at one place; or each curve sorted by itself.',
  },
  dots: { label: 'A dot for every pair', hint: 'Single network pairs over the bars.' },
  alpha: {
    label: 'Penalty α',
    hint: 'A stored penalty of the sparse mapping: larger ones leave fewer sources. Empty: chosen from the results.',
  },
  unit: {
    label: 'Unit of B',
    hint: 'The target. Empty: the one that gains most over its best single source.',
  },
  frame: {
    label: 'Frame',
    hint: 'Aligned: by correlation with the directions both networks share. Own: each network in its principal components. Profile: by likeness of correlations with all units.',
  },
  axisX: { label: 'Axis x', hint: 'Axis of the frame that goes across, counted from 0.' },
  axisY: { label: 'Axis y', hint: 'Axis of the frame that goes up, counted from 0.' },
  axisZ: { label: 'Axis z', hint: 'Axis of the frame that goes into depth, counted from 0.' },
  colouring: { label: 'Colour tells', hint: 'What the colour of a unit tells; its network is its shape.' },
  links: { label: 'Links', hint: 'Lines between matched units.' },
  linksFrom: { label: 'Links from r', hint: 'Smallest correlation of a match that is linked.' },
  hulls: { label: 'Hulls', hint: 'Translucent bodies around the clusters.' },
  azimuth: { label: 'Azimuth', hint: 'Degrees that the camera stands round the vertical axis.' },
  elevation: { label: 'Elevation', hint: 'Degrees that the camera stands up.' },
  zoom: { label: 'Zoom', hint: 'How much nearer the camera is than at home.' },
  targetX: { label: 'Centre x', hint: 'The point in the middle of the picture.' },
  targetY: { label: 'Centre y', hint: 'The point in the middle of the picture.' },
  targetZ: { label: 'Centre z', hint: 'The point in the middle of the picture.' },
  projection: { label: 'Projection', hint: 'Perspective shows depth; orthographic keeps lengths.' },
  k: { label: 'Clusters', hint: 'A stored cut into so many clusters. Empty: the largest.' },
};
/** Where a word means more in one kind of panel. */
const ofKind: Partial<Record<string, { label: string; hint: string }>> = {
  'matched-units count': {
    label: 'Pairs at either end',
    hint: 'So many of the best and of the worst matches.',
  },
  'cluster-joint k': {
    label: 'Groups',
    hint: 'Groups that the dendrogram is cut into. Empty: as many as the clusters stored; 1: none.',
  },
  'correlation-quad order': {
    label: 'Order of units',
    hint: 'By number, or as the Correlation view puts them; the last panel has their matches on its diagonal.',
  },
  'shared-space k': {
    label: 'Clusters',
    hint: 'A stored cut, for the colours and hulls. Empty: the smallest.',
  },
  'mapping-target inputs': {
    label: 'Top inputs',
    hint: 'Inputs that excite the target and every source most, where they are stored; 0: none.',
  },
  'mapping-target count': { label: 'Sources', hint: 'So many sources, those of largest weight.' },
};

const valueWords: Record<string, string> = {
  diverging: 'blue – white – red',
  'paper-grey': 'grey, as in the paper',
  viridis: 'viridis',
  correlation: 'correlation',
  'mutual-information': 'mutual information',
  ...Object.fromEntries(orderNames.map((name) => [name, orderWords[name].label])),
  semi: 'by semi-match, one order',
  each: 'each curve by itself',
};

const placement = ['kind', 'title', 'span', 'newRow', 'letter', 'heightMm', 'a', 'b', 'layer'];

interface PanelSchema {
  properties: Record<string, OptionSchema & { const?: string }>;
}
const panelSchemas = (): PanelSchema[] => {
  const page = z.toJSONSchema(pageSpecSchema, { io: 'input' }) as unknown as {
    properties: { panels: { items: { oneOf?: PanelSchema[]; anyOf?: PanelSchema[] } } };
  };
  const { oneOf, anyOf } = page.properties.panels.items;
  return oneOf ?? anyOf ?? [];
};
let known: Map<string, OptionField[]> | undefined;

/** The options of a kind beside its place and source, read from the schema that checks them. */
export function optionFields(kind: PanelKind): OptionField[] {
  known ??= new Map(
    panelSchemas().map(({ properties }) => {
      const name = properties.kind.const ?? '';
      const options = Object.entries(properties).filter(([key]) => !placement.includes(key));
      return [name, options.flatMap(([key, schema]) => fieldOf(name, key, schema))];
    }),
  );
  return known.get(kind) ?? [];
}

function fieldOf(kind: string, key: string, schema: OptionSchema): OptionField[] {
  const worded = { key, ...(ofKind[`${kind} ${key}`] ?? words[key] ?? { label: spaced(key), hint: '' }) };
  const constants = schema.anyOf?.flatMap((one) => one.const ?? []) ?? [];
  if (schema.enum || constants.length > 0) {
    const values = schema.enum ?? constants;
    const choices = values.map((value) => ({ value, label: valueWords[value] ?? String(value) }));
    return [{ ...worded, control: 'choice', choices }];
  }
  if (schema.type === 'boolean') return [{ ...worded, control: 'toggle' }];
  if (schema.type === 'object') {
    return schema.properties?.min && schema.properties.max ? [{ ...worded, control: 'range' }] : [];
  }
  if (schema.type !== 'integer' && schema.type !== 'number') return [];
  return [
    {
      ...worded,
      control: 'number',
      isInteger: schema.type === 'integer',
      isOptional: schema.default === undefined,
      least: schema.minimum,
      most: schema.maximum,
    },
  ];
}

/** `maxUnits` as "Max units". */
function spaced(key: string): string {
  const text = key.replace(/([A-Z])/g, (letter) => ` ${letter.toLowerCase()}`);
  return text[0].toUpperCase() + text.slice(1);
}
