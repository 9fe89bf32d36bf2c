/** A file that was dropped or chosen, with its path in the folder that it came in. */
export interface GivenFile {
  path: string;
  file: File;
}

/** All files of what was dropped, those in folders too. To be called while the event is handled. */
export async function droppedFiles(transfer: DataTransfer): Promise<GivenFile[]> {
  // The list is emptied once the event is over: all is taken before anything is waited for.
  const given = [...transfer.items].filter(({ kind }) => kind === 'file').map((item) => ({ entry: item.webkitGetAsEntry(), file: item.getAsFile() }));
  return (await Promise.all(given.map(({ entry, file }) => (entry ? filesIn(entry) : file ? [{ file, path: file.name }] : [])))).flat();
}

export const chosenFiles = (files: FileList | null): GivenFile[] => [...(files ?? [])].map((file) => ({ file, path: file.webkitRelativePath || file.name }));

export const isImage = ({ path }: GivenFile): boolean => /\.(png|jpe?g|bmp|tiff?|webp)$/i.test(path);

async function filesIn(entry: FileSystemEntry): Promise<GivenFile[]> {
  if (entry.isFile) {
    const file = await new Promise<File>((resolve, reject) => (entry as FileSystemFileEntry).file(resolve, reject));
    return [{ file, path: entry.fullPath.replace(/^\//, '') }];
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  const found: FileSystemEntry[] = [];
  // A reader gives a folder in parts, and an empty one at its end.
  for (;;) {
    const part = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
    if (part.length === 0) break;
    found.push(...part);
  }
  return (await Promise.all(found.map(filesIn))).flat();
}
