/**
 * Parses a figure's SVG text into an element of this document. Only drawing is kept: scripts, foreign content,
 * event handlers and outside references are dropped, although our own backend makes none.
 * Throws when the text is no SVG.
 */
export function readSvg(text: string): SVGSVGElement {
  const parsed = new DOMParser().parseFromString(text, 'image/svg+xml');
  const root = parsed.documentElement;
  if (root.localName !== 'svg' || parsed.querySelector('parsererror')) {
    throw new Error('The figure is not valid SVG.');
  }
  for (const element of [root, ...root.querySelectorAll('*')]) {
    if (['script', 'foreignObject', 'iframe', 'a'].includes(element.localName)) element.remove();
    for (const attribute of [...element.attributes]) {
      if (isUnsafe(attribute)) element.removeAttributeNode(attribute);
    }
  }
  return document.importNode(root, true) as unknown as SVGSVGElement;
}

function isUnsafe({ localName, value }: Attr): boolean {
  if (localName.startsWith('on')) return true;
  return localName === 'href' && !value.startsWith('#') && !value.startsWith('data:image/');
}
