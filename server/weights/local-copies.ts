import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { PublishedFile } from '../../plugins/sdk/pack.ts';

/**
 * Where a published file may lie already on this machine, other than in our own cache: a mirror that is a folder
 * (`STILLROOM_WEIGHTS_MIRROR`), Hugging Face's cache, PyTorch's. Only what is there is given.
 */
export function localCopies(published: PublishedFile): string[] {
  const { kind, place } = mirror();
  return [
    ...(kind === 'folder' ? namesOf(published).map((name) => join(place, name)) : []),
    ...(published.hub ? hubSnapshots(published.hub) : []),
    ...published.urls.map((url) => join(torchCheckpoints(), basename(new URL(url).pathname))),
  ].filter((file) => existsSync(file));
}

/** Addresses of a published file: on the mirror that `STILLROOM_WEIGHTS_MIRROR` names, then at its publishers. */
export function addressesOf(published: PublishedFile): string[] {
  const { kind, place } = mirror();
  const mirrored = kind === 'url' ? namesOf(published).map((name) => `${place.replace(/\/+$/, '')}/${encodeURIComponent(name)}`) : [];
  // Hugging Face's own setting for those who reach it under another name.
  const hub = (process.env['HF_ENDPOINT'] ?? '').replace(/\/+$/, '');
  const urls = published.urls.map((url) => (hub ? url.replace(/^https:\/\/huggingface\.co(?=\/)/, hub) : url));
  return [...new Set([...mirrored, ...urls])];
}

/** What a mirror may call it: as we do, or as its publisher does where that name is its own. */
function namesOf({ file, urls }: PublishedFile): string[] {
  const published = urls.map((url) => basename(new URL(url).pathname)).filter((name) => name !== 'model.safetensors');
  return [...new Set([file, ...published])];
}

function mirror(): { kind: 'none' | 'url' | 'folder'; place: string } {
  const place = process.env['STILLROOM_WEIGHTS_MIRROR'] ?? '';
  if (!place) return { kind: 'none', place };
  if (/^https?:\/\//i.test(place)) return { kind: 'url', place };
  return { kind: 'folder', place: place.startsWith('file:') ? fileURLToPath(place) : place.replace(/^~(?=$|\/)/, homedir()) };
}

/** `<cache>/models--ORG--NAME/snapshots/REVISION/FILE`: the revision that `refs/main` names, then the others. */
function hubSnapshots({ repository, file }: NonNullable<PublishedFile['hub']>): string[] {
  const folder = join(hubCache(), `models--${repository.replaceAll('/', '--')}`);
  const revisions = attempt(() => readdirSync(join(folder, 'snapshots')).sort()) ?? [];
  const main = attempt(() => readFileSync(join(folder, 'refs', 'main'), 'utf8').trim());
  const ordered = main && revisions.includes(main) ? [main, ...revisions.filter((name) => name !== main)] : revisions;
  return ordered.map((revision) => join(folder, 'snapshots', revision, file));
}

function hubCache(): string {
  const { HF_HUB_CACHE, HUGGINGFACE_HUB_CACHE, HF_HOME } = process.env;
  return HF_HUB_CACHE || HUGGINGFACE_HUB_CACHE || join(HF_HOME || join(userCache(), 'huggingface'), 'hub');
}

function torchCheckpoints(): string {
  return join(process.env['TORCH_HOME'] || join(userCache(), 'torch'), 'hub', 'checkpoints');
}

const userCache = (): string => process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache');

function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
