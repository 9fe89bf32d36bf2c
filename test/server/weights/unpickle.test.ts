import { describe, expect, it } from 'vitest';
import { PickleError, PickleReader, type PickleValue } from '../../../server/weights/pickle-reader.ts';
import { isKind, torchNames, type TorchTensor } from '../../../server/weights/torch-names.ts';
import { stateOf } from '../../../server/weights/torch-state.ts';
import { unpickle } from '../../../server/weights/unpickle.ts';

/** A pickle written by hand: texts are its bytes, as in Python's `pickletools`. */
function load(...parts: (string | number[])[]): PickleValue {
  const bytes = parts.map((part) => (typeof part === 'string' ? Buffer.from(part, 'latin1') : Buffer.from(part)));
  return unpickle(new PickleReader(new Uint8Array(Buffer.concat(bytes))), torchNames(new Map()));
}

const text = (value: string): string => `X${String.fromCharCode(value.length, 0, 0, 0)}${value}`;
const rebuild = 'ctorch._utils\n_rebuild_tensor_v2\n';
const storage = (count: number): string => `(${text('storage')}ctorch\nFloatStorage\n${text('0')}${text('cpu')}K${String.fromCharCode(count)}tQ`;

describe('a pickle of data', () => {
  // Each of these bytes is what Python's pickle.dumps(value, protocol) gives.
  it.each<[string, string, PickleValue]>([
    ['none', '\x80\x02N.', null],
    ['true, protocol 0', 'I01\n.', true],
    ['an integer of four bytes', '\x80\x02J\xfe\xff\xff\xff.', -2],
    ['a long of nine bytes', '\x80\x02\x8a\x09\0\0\0\0\0\0\0\0\x01.', 2n ** 64n],
    ['a negative long', '\x80\x02\x8a\x01\xff.', -1],
    ['a float', '\x80\x02G?\xe0\0\0\0\0\0\0.', 0.5],
    ['text', '\x80\x02X\x02\0\0\0\xc3\xa9q\0.', 'é'],
    ['a tuple', '\x80\x02K\x01K\x02\x86q\0.', [1, 2]],
    ['a list', '\x80\x02]q\0(K\x01K\x02e.', [1, 2]],
    ['protocol 4', '\x80\x04\x95\x0b\0\0\0\0\0\0\0}\x94\x8c\x01a\x94K\x01s.', new Map([['a', 1]])],
  ])('%s', (_, pickle, value) => {
    expect(load(pickle)).toEqual(value);
  });

  it('shares what it remembers', () => {
    const [a, b] = load('(]q\0h\0t.') as PickleValue[];
    expect(a).toBe(b);
  });

  it('may hold itself without harm', () => {
    const list = load(']q\0h\0a.') as PickleValue[];
    expect(list[0]).toBe(list);
  });
});

describe('a hostile pickle', () => {
  it.each([
    ['a call of the system', "cos\nsystem\n(Vecho\ntR.", 'os.system'],
    ['a builtin', 'c__builtin__\neval\n.', '__builtin__.eval'],
    ['a name that every object has', 'ctorch\nconstructor\n.', 'torch.constructor'],
    ['a name from the stack', '\x8c\x02os\x8c\x06system\x93.', 'os.system'],
  ])('%s is refused by name', (_, pickle, name) => {
    expect(() => load(pickle)).toThrow(`found "${name}"`);
  });

  it.each([
    ['an opcode that makes instances', 'ios\nsystem\n.'],
    ['an extension', '\x82\x01.'],
    ['a text longer than the file', 'X\xff\xff\xff\x7fabc.'],
    ['bytes longer than any file', '\x8e\xff\xff\xff\xff\xff\xff\xff\xffabc.'],
    ['an integer of gigabytes', '\x8b\xff\xff\xff\x7f\x01.'],
    ['nothing', ''],
    ['no value', '.'],
    ['a tuple of nothing', '\x87.'],
    ['no mark', 't.'],
    ['a mark as value', '(.'],
    ['something not remembered', 'h\x07.'],
    ['half a pair', '(K\x01d.'],
    ['items for a number', 'K\x01(K\x01K\x02u.'],
    ['a call of a number', 'K\x01)R.'],
    ["a storage type's instance", 'ctorch\nFloatStorage\n)R.'],
    ['the state of a number', 'K\x01}b.'],
    ['text that is none', 'X\x01\0\0\0\xff.'],
    ['a line without end', `I${'1'.repeat(10_000)}`],
    ['a tensor of nothing', `${rebuild})R.`],
    ['a persistent id of something else', 'K\x01Q.'],
  ])('%s is refused', (_, pickle) => {
    expect(() => load(pickle)).toThrow(PickleError);
  });

  it('of many nested marks is refused', () => {
    expect(() => load('('.repeat(100_000))).toThrow(/nested/);
  });

  it('of deep lists is read without recursion', () => {
    expect(load(`${']'.repeat(50_000)}${'a'.repeat(49_999)}.`)).toHaveLength(1);
  });

  it.each([
    ['beyond its storage', `K\0(K\x02K\x03t(K\x03K\x01t\x89N`],
    ['from beyond its storage', `K\x05(K\x01t(K\x01t\x89N`],
    ['stepping beyond its storage', `K\0(K\x02t(K\x09t\x89N`],
    ['that repeats a number', `K\0(M\xff\xffM\xff\xfft(K\0K\0t\x89N`],
    ['of negative sides', `K\0(J\xff\xff\xff\xfft(K\x01t\x89N`],
    ['of fewer strides than sides', `K\0(K\x01K\x01t(K\x01t\x89N`],
  ])('a tensor %s is refused', (_, view) => {
    expect(() => load(`${rebuild}(${storage(4)}${view}tR.`)).toThrow(PickleError);
  });

  it('cannot change the shape of a tensor that was checked', () => {
    // A list as shape, remembered, then added to.
    const value = load(`(${rebuild}(${storage(4)}K\0](K\x04eq\x07(K\x01t\x89NtRh\x07K\x09at.`) as PickleValue[];
    expect(isKind<TorchTensor>(value[0], 'tensor') && value[0].shape).toEqual([4]);
  });

  it('cannot copy one list again and again', () => {
    const make = 'ccollections\nOrderedDict\nh\0\x85R';
    const value = load(`(]q\0(K\x01K\x02\x86e${make}${make}t.`) as PickleValue[];
    expect(value.slice(1)).toEqual([new Map([[1, 2]]), new Map()]);
  });

  it('cannot make much of little by naming one storage many times', async () => {
    // Nine times 2²⁰ numbers of the four that are stored.
    const tensor = `${rebuild}(h\0K\0(J\0\0\x10\0t(K\0t\x89NtR`;
    const names = Array.from({ length: 9 }, (_, n) => `${text(`t${n}`)}${tensor}`).join('');
    const value = load(`${storage(4)}q\0}(${names}u.`);
    await expect(stateOf(value, async () => new Uint8Array(16))).rejects.toThrow(/expected tensors of about the 16 bytes/);
  });

  it('that is a dictionary without tensors is told from weights', async () => {
    await expect(stateOf(load(`}${text('epoch')}K\x01s.`), async () => new Uint8Array(0))).rejects.toThrow(
      /found a dictionary with "epoch"/,
    );
  });
});

describe('a checkpoint', () => {
  const tensor = `${rebuild}(${storage(4)}K\0(K\x04t(K\x01t\x89NtR`;
  const network = `}(${text('conv.weight')}${tensor}${text('conv.bias')}${tensor}u`;
  const names = async (pickle: string): Promise<string[]> => [
    ...(await stateOf(load(`${pickle}.`), async () => new Uint8Array(16))).keys(),
  ];

  it.each(['state_dict', 'model_state_dict', 'model', 'model_ema', 'net', 'params', 'params_ema', 'backbone'])(
    'keeps its network under "%s"',
    async (key) => {
      expect(await names(`}(${text('epoch')}K\x03${text(key)}${network}u`)).toEqual(['conv.weight', 'conv.bias']);
    },
  );

  it('may keep it two levels down, or under a name of its own', async () => {
    expect(await names(`}${text('model')}}${text('state_dict')}${network}ss`)).toHaveLength(2);
    expect(await names(`}${text('mine')}${network}s`)).toHaveLength(2);
  });

  it('may have tensors of its own beside it', async () => {
    expect(await names(`}(${text('step')}${tensor}${text('state_dict')}${network}u`)).toHaveLength(2);
  });

  // Each as pickle.dumps(value, 2) gives it.
  it.each([
    ['argparse.Namespace(lr=0.5)', `cargparse\nNamespace\n)\x81}${text('lr')}G?\xe0\0\0\0\0\0\0sb`],
    ["pathlib.PosixPath('/a')", `cpathlib\nPosixPath\n${text('/')}${text('a')}\x86R`],
    [
      'numpy.float64(1.5)',
      `cnumpy._core.multiarray\nscalar\ncnumpy\ndtype\n${text('f8')}\x89\x88\x87R(K\x03${text('<')}NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\0tb` +
        `c_codecs\nencode\n${text('?')}${text('latin1')}\x86R\x86R`,
    ],
  ])('may have %s beside its network', async (_, pickle) => {
    expect(await names(`}(${text('args')}${pickle}${text('state_dict')}${network}u`)).toEqual(['conv.weight', 'conv.bias']);
  });

  it('with averaged weights beside the trained ones gives the trained ones', async () => {
    const other = `}${text('averaged')}${tensor}s`;
    expect(await names(`}(${text('model_ema')}${other}${text('model')}${network}u`)).toEqual(['conv.weight', 'conv.bias']);
  });

  it('with two networks is refused, naming both', async () => {
    await expect(names(`}(${text('a')}${network}${text('b')}${network}u`)).rejects.toThrow('found several: "a", "b"');
  });
});
