import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createEventHeap, dropLeastEvent, pushEvent } from '#core/numeric/matching/event-heap.ts';

test('events come out in order of key, each with its id, however the memory grew', () => {
  fc.assert(
    fc.property(fc.array(fc.double({ noNaN: true })), fc.nat(4), (keys, capacity) => {
      const heap = createEventHeap(capacity);
      keys.forEach((key, id) => pushEvent(heap, key, id));
      const found: number[] = [];
      while (heap.size > 0) {
        expect(keys[heap.ids[0]]).toBe(heap.keys[0]);
        found.push(heap.keys[0]);
        dropLeastEvent(heap);
      }
      expect(found).toEqual(
        keys
          .slice()
          .sort((a, b) => a - b || 0)
          .map((key, k) => (key === 0 ? found[k] : key)),
      );
    }),
  );
});
