/** A canvas as PNG in base64, as it is handed to main, which asks where to save it. */
export async function pngOf(canvas: HTMLCanvasElement): Promise<string> {
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/png'));
  if (!blob)
    throw new Error('The picture is too large for the memory of this window. Choose a smaller width.');
  const bytes = new Uint8Array(await blob.arrayBuffer());
  const part = 0x8000;
  let text = '';
  for (let at = 0; at < bytes.length; at += part)
    text += String.fromCharCode(...bytes.subarray(at, at + part));
  return btoa(text);
}
