import type { Page } from 'playwright-core';

/** Milliseconds over the frames of one movement. */
export interface FrameTimes {
  frames: number;
  /** From one frame of the screen to the next. */
  medianMs: number;
  slowestTenthMs: number;
  /** Spent in drawing, all panels together. */
  drawMs: number;
}

/**
 * Zooms into a picture by a small turn of the wheel in every frame, then out again, and times the frames. What the
 * pictures draw, they draw in animation frames: the time those take is measured by standing in for them.
 */
export async function zoomFrames(page: Page, canvasSelector: string, frames = 60): Promise<FrameTimes> {
  return page.evaluate(
    async ([selector, count]) => {
      const canvas = document.querySelector(selector)!;
      const box = canvas.getBoundingClientRect();
      const frame = window.requestAnimationFrame.bind(window);
      let drawing = 0;
      window.requestAnimationFrame = (callback) =>
        frame((time) => {
          const start = performance.now();
          callback(time);
          drawing += performance.now() - start;
        });
      const next = () => new Promise<number>((resolve) => frame(resolve));
      const intervals: number[] = [];
      const draws: number[] = [];
      let before = await next();
      for (let at = 0; at < count; at++) {
        const deltaY = at < count / 2 ? -60 : 60;
        const [clientX, clientY] = [box.left + box.width * 0.55, box.top + box.height * 0.45];
        canvas.dispatchEvent(new WheelEvent('wheel', { deltaY, clientX, clientY, cancelable: true }));
        drawing = 0;
        const now = await next();
        intervals.push(now - before);
        before = now;
        await new Promise((resolve) => setTimeout(resolve, 0));
        draws.push(drawing);
      }
      window.requestAnimationFrame = frame;
      const sorted = (values: number[]) => [...values].sort((x, y) => x - y);
      const share = (values: number[], part: number) =>
        sorted(values)[Math.floor(part * (values.length - 1))];
      return {
        frames: intervals.length,
        medianMs: share(intervals, 0.5),
        slowestTenthMs: share(intervals, 0.9),
        drawMs: share(draws, 0.5),
      };
    },
    [canvasSelector, frames] as const,
  );
}

export const describeFrames = (
  name: string,
  { frames, medianMs, slowestTenthMs, drawMs }: FrameTimes,
): string =>
  `${name}: ${frames} frames, ${medianMs.toFixed(1)} ms each (slowest tenth ${slowestTenthMs.toFixed(1)}), drawing ${drawMs.toFixed(1)} ms`;
