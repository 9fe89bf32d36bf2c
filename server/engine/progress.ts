/** What a long step is doing; `done` and `total` count `unit`s, `total` where it is known. */
export interface EngineProgress {
  stage: 'wait' | 'download' | 'verify' | 'unpack' | 'compile' | 'prove';
  /** What the step works on: a file, a command; for `wait`, what is waited for. */
  subject: string;
  done: number;
  total?: number;
  unit: 'bytes' | 'steps';
}

export type OnProgress = (progress: EngineProgress) => void;
