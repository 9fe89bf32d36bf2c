import { PickleError, type PickleObject, type PickleReader, type PickleValue } from './pickle-reader.ts';

/** What a pickle may name and what becomes of it; everything else in it is plain data. */
export interface PickleNames {
  /** The thing of a module that a pickle names. Must throw `PickleError` for what it does not know. */
  global(module: string, name: string): PickleObject;
  /** The result of calling such a thing. Must not run anything of the pickle's. */
  call(callee: PickleObject, args: readonly PickleValue[]): PickleValue;
  /** A thing outside of the pickle, by its persistent id. */
  persistent(id: PickleValue): PickleValue;
}

const deepest = 1000;
/** A network's state dict has some thousands; what asks for more is to fill the memory. */
const mostValues = 4_000_000;

/**
 * Reads one pickle (protocols 0–5, as far as data needs them) from `reader`, leaving it behind the pickle. No code can
 * run: names mean what `names` says, and what is built of them are numbers, texts and containers. Nothing recurses, so that
 * depth is no danger; memory is bounded by the size of the stream and by a number of values. Throws `PickleError`.
 */
export function unpickle(reader: PickleReader, names: PickleNames): PickleValue {
  const machine = new Machine(reader, names);
  for (;;) {
    const result = machine.step();
    if (result) return result.value;
  }
}

const isObject = (value: PickleValue | undefined): value is PickleObject =>
  typeof value === 'object' && value !== null && 'kind' in value;

class Machine {
  readonly #reader: PickleReader;
  readonly #names: PickleNames;
  #stack: PickleValue[] = [];
  readonly #marked: PickleValue[][] = [];
  readonly #memo = new Map<number, PickleValue>();
  #values = 0;

  constructor(reader: PickleReader, names: PickleNames) {
    this.#reader = reader;
    this.#names = names;
  }

  /** Runs one opcode; gives the result when it is the last. */
  step(): { value: PickleValue } | undefined {
    const r = this.#reader;
    const at = r.at;
    const opcode = String.fromCharCode(r.byte());
    switch (opcode) {
      case '\x80': // PROTO
        if (r.byte() > 5) throw new PickleError(`expected a pickle of protocol 5 at most at byte ${at}`);
        return;
      case '\x95': // FRAME
        r.take(8);
        return;
      case '.':
        return { value: this.#pop() };

      case '(':
        if (this.#marked.length >= deepest) throw new PickleError(`expected at most ${deepest} nested marks`);
        this.#marked.push(this.#stack);
        this.#stack = [];
        return;
      case '0':
        this.#pop();
        return;
      case '1':
        this.#toMark();
        return;
      case '2':
        return this.#push(this.#top());

      case 'N':
        return this.#push(null);
      case '\x88':
        return this.#push(true);
      case '\x89':
        return this.#push(false);
      case 'K':
        return this.#push(r.byte());
      case 'M':
        return this.#push(r.uint16());
      case 'J':
        return this.#push(r.int32());
      case '\x8a':
        return this.#push(r.long(r.byte()));
      case '\x8b':
        return this.#push(r.long(r.uint32()));
      case 'I':
      case 'L':
        return this.#push(integerLine(r.line()));
      case 'G':
        return this.#push(r.float64());
      case 'F':
        return this.#push(Number(r.line()));
      case 'X':
        return this.#push(r.text(r.uint32()));
      case '\x8c':
        return this.#push(r.text(r.byte()));
      case '\x8d':
        return this.#push(r.text(r.length64()));
      case 'T':
        return this.#push(r.text(r.uint32()));
      case 'U':
        return this.#push(r.text(r.byte()));
      case 'B':
        return this.#push(r.take(r.uint32()));
      case 'C':
        return this.#push(r.take(r.byte()));
      case '\x8e':
        return this.#push(r.take(r.length64()));

      case '}':
        return this.#push(new Map());
      case ']':
      case ')':
      case '\x8f': // EMPTY_SET
        return this.#push([]);
      case 't':
      case 'l':
      case '\x91': // FROZENSET
        return this.#push(this.#toMark());
      case '\x85':
      case '\x86':
      case '\x87':
        return this.#push(this.#popMany(opcode.charCodeAt(0) - 0x84));
      case 'd':
        return this.#push(setItems(new Map(), this.#toMark()));
      case 'a':
        return this.#extend([this.#pop()]);
      case 'e':
      case '\x90': // ADDITEMS
        return this.#extend(this.#toMark());
      case 's':
        return this.#assign(this.#popMany(2));
      case 'u':
        return this.#assign(this.#toMark());

      case 'q':
        return this.#remember(r.byte());
      case 'r':
        return this.#remember(r.uint32());
      case '\x94':
        return this.#remember(this.#memo.size);
      case 'h':
        return this.#recall(r.byte());
      case 'j':
        return this.#recall(r.uint32());

      case 'c':
        return this.#push(this.#names.global(r.line(), r.line()));
      case '\x93': {
        const [module, name] = this.#popMany(2);
        if (typeof module !== 'string' || typeof name !== 'string') throw new PickleError('expected a name of two texts');
        return this.#push(this.#names.global(module, name));
      }
      case 'R':
      case '\x81': {
        const [callee, args] = this.#popMany(2);
        if (!isObject(callee) || !Array.isArray(args)) throw new PickleError(`expected a known thing to make at byte ${at}`);
        return this.#push(this.#names.call(callee, args));
      }
      case 'b': {
        // Attributes of a dictionary (a state dict's `_metadata`) are of no use here; nothing else may have any.
        this.#pop();
        if (!(this.#top() instanceof Map)) throw new PickleError(`expected plain data, found an object's state at byte ${at}`);
        return;
      }
      case 'Q':
        return this.#push(this.#names.persistent(this.#pop()));
    }
    throw new PickleError(`expected a pickle of plain data, found opcode 0x${opcode.charCodeAt(0).toString(16)} at byte ${at}`);
  }

  #push(value: PickleValue): undefined {
    if (++this.#values > mostValues) {
      throw new PickleError(`expected at most ${mostValues} values in a pickle, found more`, {
        code: 'weights-too-large',
        hint: 'save the state dict alone with `torch.save(model.state_dict(), FILE)`',
      });
    }
    this.#stack.push(value);
    return undefined;
  }

  #pop(): PickleValue {
    const value = this.#stack.pop();
    if (value === undefined) throw new PickleError(`expected a value before byte ${this.#reader.at}, found none`);
    return value;
  }

  #top(): PickleValue {
    const value = this.#stack.at(-1);
    if (value === undefined) throw new PickleError(`expected a value before byte ${this.#reader.at}, found none`);
    return value;
  }

  #popMany(count: number): PickleValue[] {
    if (this.#stack.length < count) throw new PickleError(`expected ${count} values before byte ${this.#reader.at}`);
    return this.#stack.splice(-count);
  }

  #toMark(): PickleValue[] {
    const since = this.#stack;
    const before = this.#marked.pop();
    if (!before) throw new PickleError(`expected a mark before byte ${this.#reader.at}, found none`);
    this.#stack = before;
    return since;
  }

  #extend(items: readonly PickleValue[]): undefined {
    const list = this.#top();
    if (!Array.isArray(list)) throw new PickleError(`expected a list to add to before byte ${this.#reader.at}`);
    for (const item of items) list.push(item);
    return undefined;
  }

  #assign(items: readonly PickleValue[]): undefined {
    const dictionary = this.#top();
    if (!(dictionary instanceof Map)) throw new PickleError(`expected a dictionary before byte ${this.#reader.at}`);
    setItems(dictionary, items);
    return undefined;
  }

  #remember(index: number): undefined {
    this.#memo.set(index, this.#top());
    return undefined;
  }

  #recall(index: number): undefined {
    const value = this.#memo.get(index);
    if (value === undefined) throw new PickleError(`expected something remembered as ${index}, found nothing`);
    return this.#push(value);
  }
}

function setItems(
  dictionary: Map<PickleValue, PickleValue>,
  items: readonly PickleValue[],
): Map<PickleValue, PickleValue> {
  if (items.length % 2) throw new PickleError('expected a value for each key of a dictionary');
  for (let i = 0; i < items.length; i += 2) dictionary.set(items[i]!, items[i + 1]!);
  return dictionary;
}

function integerLine(line: string): boolean | number {
  if (line === '00') return false;
  if (line === '01') return true;
  const value = Number(line.replace(/L$/, ''));
  if (!Number.isSafeInteger(value)) throw new PickleError(`expected an integer, found "${line.slice(0, 40)}"`);
  return value;
}
