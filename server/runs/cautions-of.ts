/** What weights permit one to conclude of figures made with them, where that is limited; each once. */
export function cautionsOf(weights: readonly { caution?: string | null | undefined }[]): string[] {
  return [...new Set(weights.flatMap(({ caution }) => caution ?? []))];
}
