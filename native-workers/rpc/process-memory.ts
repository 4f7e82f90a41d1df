/** Resident memory of this process now, and the most it ever took. */
export function processMemory(): { residentBytes: number; peakBytes: number } {
  return { residentBytes: process.memoryUsage.rss(), peakBytes: process.resourceUsage().maxRSS * 1024 };
}
