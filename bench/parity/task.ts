/** What both implementations do: the same images, split, order of batches, starting weights and settings. */
export interface Task {
  model: 'shallow' | 'deep-lite0';
  graph: string;
  /** Folder of one category. */
  data: string;
  seed: number;
  epochs: number;
  batch: number;
  rate: number;
  /** Rates at which the first steps are compared besides: how fast rounding carries losses apart depends on the rate. */
  slowerRates: readonly number[];
  /** The fits in their order: the node of the graph, and the trained nodes' ids by the peer's name for the network. */
  fits: readonly { node: string; networks: Readonly<Record<string, string>> }[];
  /** `file` null for the registry's own. */
  teacher: { architecture: string; file: string | null };
}

type Model = Pick<Task, 'model' | 'graph' | 'batch' | 'rate' | 'slowerRates' | 'fits'> & { architecture: string };

export const models: Readonly<Record<Task['model'], Model>> = {
  shallow: {
    model: 'shallow',
    graph: 'graphs/shallow.json',
    batch: 8,
    rate: 0.005,
    slowerRates: [0.0005, 0.00005],
    fits: [{ node: 'fit-shallow', networks: { reduced: 'student-shallow' } }],
    architecture: 'resnet18',
  },
  'deep-lite0': {
    model: 'deep-lite0',
    graph: 'graphs/deep-lite0.json',
    batch: 8,
    rate: 0.005,
    slowerRates: [0.0005, 0.00005],
    fits: [
      { node: 'fit-student', networks: { residual: 'student-deep' } },
      { node: 'fit-ae', networks: { autoencoder0: 'ae-stage5', autoencoder1: 'ae-stage7' } },
    ],
    architecture: 'efficientnet-lite0',
  },
};
