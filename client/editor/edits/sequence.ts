import { Edits } from '../../../server/graph/commands.ts';
import type { GraphDocument, Wiring } from '../../../server/graph/document.ts';
import { applyPatch, join, type Patch } from '../../../server/graph/patch.ts';
import { fieldAt, type Path } from '../../../server/graph/path.ts';

/** The wiring that is at a level: the document's own, or that of a sub-graph. */
export const wiringAt = (document: GraphDocument, level: Path): Wiring => fieldAt(document, level) as Wiring;

/** Edits that stand on each other, as one patch. */
export class EditSequence {
  document: GraphDocument;
  patch: Patch = [];
  readonly level: Path;

  constructor(document: GraphDocument, level: Path) {
    this.document = document;
    this.level = level;
  }

  get wiring(): Wiring {
    return wiringAt(this.document, this.level);
  }

  get edits(): Edits {
    return new Edits(this.document, this.level);
  }

  /** Makes an edit on what the earlier ones left; gives its patch. */
  do(edit: (edits: Edits) => Patch): Patch {
    return this.take(edit(this.edits));
  }

  take(patch: Patch): Patch {
    this.document = applyPatch(this.document, patch);
    this.patch = join(this.patch, patch);
    return patch;
  }

  /** Adds a node; gives the id that it got. */
  add(...node: Parameters<Edits['addNode']>): string {
    const [first] = this.do((edits) => edits.addNode(...node));
    return first!.path.at(-1)!;
  }
}
