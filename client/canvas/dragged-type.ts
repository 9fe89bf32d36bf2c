/** What a node type is dragged as from the palette. */
const kind = 'application/x-stillroom-node';

export function dragType({ dataTransfer }: DragEvent, type: string): void {
  dataTransfer!.setData(kind, type);
  dataTransfer!.effectAllowed = 'copy';
}

/** Lets a node type that is dragged be dropped there. */
export function allowType(event: DragEvent): void {
  if (event.dataTransfer?.types.includes(kind)) event.preventDefault();
}

/** The node type that was dropped; null where it was something else. */
export function droppedType(event: DragEvent): string | null {
  const type = event.dataTransfer?.getData(kind) || null;
  if (type !== null) event.preventDefault();
  return type;
}
