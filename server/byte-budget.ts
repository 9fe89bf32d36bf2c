import { Transform } from 'node:stream';

/** Gives streams that let `bytes` pass, all of them together, and fail with `tooMuch` at more. */
export function byteBudget(bytes: number, tooMuch: () => Error): () => Transform {
  let passed = 0;
  return () =>
    new Transform({
      transform(chunk: Buffer, _encoding, next) {
        passed += chunk.length;
        if (passed > bytes) next(tooMuch());
        else next(null, chunk);
      },
    });
}
