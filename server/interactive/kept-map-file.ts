/** Name of the file that keeps the map of an image, by its number. */
export const keptMapFile = (index: number): string => `${index}.map.safetensors`;
