import { PickleError, type PickleValue } from './pickle-reader.ts';
import { isKind, type TorchTensor } from './torch-names.ts';

/** Where training programs keep the network's state dict in a checkpoint; the first that has tensors is taken. */
const usualKeys = [
  'state_dict', 'model_state_dict', 'model_state', 'model', 'module', 'net', 'network', 'backbone', 'encoder', 'weights',
  'params', 'state_dict_ema', 'model_ema', 'ema', 'params_ema', 'ema_state_dict', 'teacher', 'student',
];
/** Of tensors they hold numbers of training, not of a network. */
const neverKeys = new Set(['optimizer', 'optimizer_state_dict', 'lr_scheduler', 'scheduler', 'amp', 'scaler']);
const deepest = 3;

/**
 * The state dict in what a file of PyTorch holds: the whole of it, or what a checkpoint keeps under a usual key, or the
 * only dictionary of tensors that is there. Throws `PickleError` (`weights-no-state-dict`, `weights-ambiguous`).
 */
export function findStateDict(value: PickleValue): Map<string, TorchTensor> {
  const own = tensorsIn(value);
  const inner = nested(value, deepest);
  // Beside the network a checkpoint may keep a few tensors of its own: a step, a mean.
  const found = own && inner ? (own.size >= inner.size ? own : inner) : (own ?? inner);
  if (found) return found;
  const keys = value instanceof Map ? [...value.keys()].filter((key) => typeof key === 'string') : [];
  const listed = keys.slice(0, 6).map((key) => `"${key.slice(0, 60)}"`).join(', ');
  throw new PickleError(
    `expected a state dict (names with tensors), found ${listed ? `a dictionary with ${listed}` : 'something else'}`,
    { code: 'weights-no-state-dict', hint: 'save it anew with `torch.save(model.state_dict(), FILE)`' },
  );
}

function nested(value: PickleValue, depth: number): Map<string, TorchTensor> | undefined {
  if (!(value instanceof Map) || depth === 0) return undefined;
  const inside = (key: PickleValue): Map<string, TorchTensor> | undefined => {
    const held = value.get(key);
    return held === undefined ? undefined : (tensorsIn(held) ?? nested(held, depth - 1));
  };
  for (const key of usualKeys) {
    const found = inside(key);
    if (found) return found;
  }
  const others = [...value.keys()].filter((key) => typeof key === 'string' && !neverKeys.has(key)).slice(0, 1000);
  const found = others.flatMap((key) => {
    const tensors = tensorsIn(value.get(key)!);
    return tensors ? [{ key, tensors }] : [];
  });
  if (found.length > 1) {
    const names = found.slice(0, 6).map(({ key }) => `"${String(key).slice(0, 60)}"`).join(', ');
    throw new PickleError(`expected one state dict, found several: ${names}`, {
      code: 'weights-ambiguous',
      hint: 'save the one that is meant alone: `torch.save(checkpoint[KEY], FILE)`',
    });
  }
  return found[0]?.tensors;
}

function tensorsIn(value: PickleValue): Map<string, TorchTensor> | undefined {
  if (!(value instanceof Map)) return undefined;
  const found = new Map<string, TorchTensor>();
  for (const [name, tensor] of value) {
    if (typeof name === 'string' && isKind<TorchTensor>(tensor, 'tensor')) found.set(name, tensor);
  }
  return found.size ? found : undefined;
}
