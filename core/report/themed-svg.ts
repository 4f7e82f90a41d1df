/** A figure that takes the colours of the page around it. */
export interface ThemedSvg {
  svg: string;
  /** Colours of the light page and what stands for each on the dark one. */
  colours: [light: string, dark: string][];
}

const colour = /#[0-9a-f]{6}/g;

/** The name of a pair of colours as a property of the page. */
export const colourProperty = ([light, dark]: [string, string]): string =>
  `--c${light.slice(1)}-${dark.slice(1)}`;

/**
 * Joins the light and the dark drawing of one figure: the same lines, whose colours become properties of the page where
 * they differ. Pictures that differ are both kept, for the page to show one of. Throws a RangeError for two drawings
 * that differ in anything else.
 */
export function themedSvg(light: string, dark: string): ThemedSvg {
  const [lines, others] = [light.split('\n'), dark.split('\n')];
  const pairs = new Map<string, [string, string]>();
  if (lines.length !== others.length) throw different();
  const joined = lines.map((line, at) => {
    const other = others[at];
    if (line === other) return line;
    if (line.startsWith('<image ') && other.startsWith('<image '))
      return [withClass(line, 'on-light'), withClass(other, 'on-dark')].join('\n');
    if (line.replace(colour, '') !== other.replace(colour, '')) throw different();
    const counterparts = other.match(colour) ?? [];
    let next = 0;
    return line.replace(colour, (own) => {
      const pair: [string, string] = [own, counterparts[next++]];
      if (pair[0] === pair[1]) return own;
      pairs.set(colourProperty(pair), pair);
      return `var(${colourProperty(pair)})`;
    });
  });
  return { svg: joined.join('\n'), colours: [...pairs.values()] };
}

const withClass = (line: string, name: string): string => line.replace('<image ', `<image class="${name}" `);

const different = (): RangeError =>
  new RangeError('The light and the dark drawing of a figure differ in more than their colours.');
