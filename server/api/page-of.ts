import { z } from 'zod';

/** Which part of a list is wanted. */
export const pageQuery = {
  offset: z.coerce.number().int().min(0).default(0),
  limit: z.coerce.number().int().min(1).max(500).default(100),
};

/** A part of a list that was asked for. */
export function pageOf<T>(all: readonly T[], { offset, limit }: { offset: number; limit: number }): T[] {
  return all.slice(offset, offset + limit);
}
