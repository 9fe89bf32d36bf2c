import { StillroomError } from '../../plugins/sdk/problem.ts';
import { PickleError } from './pickle-reader.ts';

/** Runs a parser, saying of what it does not understand which file it was. */
export async function asCorrupt<T>(file: string, parse: () => T | Promise<T>): Promise<T> {
  try {
    return await parse();
  } catch (cause) {
    if (!(cause instanceof PickleError)) throw cause;
    const { code, hint } = cause.details;
    throw new StillroomError(code ?? 'weights-corrupt', cause.message, {
      file,
      hint: hint ?? 'get the file again, or save it anew with `torch.save(model.state_dict(), FILE)`',
      cause,
    });
  }
}
