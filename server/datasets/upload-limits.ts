/** How much may be sent at once. */
export interface UploadLimits {
  files: number;
  bytesPerFile: number;
  /** All together; of an archive also once unpacked. */
  bytes: number;
  /** How many times its own size an archive may unpack to. */
  ratio: number;
}

export const usualLimits: UploadLimits = { files: 200_000, bytesPerFile: 2 ** 30, bytes: 2 ** 35, ratio: 100 };
