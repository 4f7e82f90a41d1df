/** What a drawing gets: a context in CSS pixels, the size of the canvas, device pixels per CSS pixel, the theme's colours. */
export interface CanvasFrame {
  target: CanvasRenderingContext2D;
  width: number;
  height: number;
  ratio: number;
  ink: (token: string) => string;
}

/** A picture in a canvas. Draws on demand: several updates make one drawing, with the next frame of the screen. */
export abstract class CanvasView<Content> {
  protected readonly canvas: HTMLCanvasElement;
  protected content: Content | null = null;
  #request = 0;
  #isDisposed = false;

  constructor(canvas: HTMLCanvasElement) {
    this.canvas = canvas;
  }

  update(content: Content): void {
    this.content = content;
    this.draw();
  }

  draw(): void {
    if (this.#request !== 0 || this.#isDisposed) return;
    this.#request = requestAnimationFrame(() => {
      this.#request = 0;
      this.#drawNow();
    });
  }

  dispose(): void {
    this.#isDisposed = true;
    cancelAnimationFrame(this.#request);
  }

  protected abstract paint(frame: CanvasFrame, content: Content): void;

  #drawNow(): void {
    const target = this.canvas.getContext('2d');
    const { clientWidth: width, clientHeight: height } = this.canvas;
    if (!target || !this.content || width === 0 || height === 0) return;
    const ratio = window.devicePixelRatio || 1;
    this.canvas.width = Math.round(width * ratio);
    this.canvas.height = Math.round(height * ratio);
    target.setTransform(ratio, 0, 0, ratio, 0, 0);
    const inks = getComputedStyle(this.canvas);
    const ink = (token: string) => inks.getPropertyValue(token).trim();
    this.paint({ target, width, height, ratio, ink }, this.content);
  }
}

/** Hosts a view in its canvas: drawn anew when the canvas changes its size, disposed with it. */
export function hostView(canvas: HTMLCanvasElement, view: { draw(): void; dispose(): void }): () => void {
  const observer = new ResizeObserver(() => view.draw());
  observer.observe(canvas);
  return () => {
    observer.disconnect();
    view.dispose();
  };
}
