// A program of its own, since a driver that is broken ends the process: one product on CUDA, checked.
import { openProduct } from '../../native-workers/linalg/product-model.ts';
import { runtime, runtimeReason } from '../../native-workers/capture/runtime.ts';

const side = 64;

try {
  const session = await openProduct('float32', 'A B', 1, 'cuda');
  const { Tensor } = runtime();
  const matrix = Float32Array.from({ length: side * side }, (_, at) => ((at * 7919) % 17) - 8);
  const tensor = new Tensor('float32', matrix, [side, side]);
  const { Y } = await session.run({ A: tensor, B: tensor });
  const found = Y.data as Float32Array;
  for (let row = 0; row < side; row++)
    for (let col = 0; col < side; col++) {
      let sum = 0;
      for (let k = 0; k < side; k++) sum += matrix[row * side + k] * matrix[k * side + col];
      if (Math.abs(sum - found[row * side + col]) > 1e-3)
        throw new Error(
          `the product is wrong at ${row}, ${col}: ${found[row * side + col]} instead of ${sum}`,
        );
    }
  console.log(`a product of ${side} x ${side} on CUDA is right`);
} catch (error) {
  console.error(runtimeReason(error));
  process.exitCode = 1;
}
