/** Names of the graph's nodes that a replay feeds and fetches. */
export const graphNames = {
  input: (fn: number, input: number) => `function/${fn}/input/${input}`,
  output: (fn: number, output: number) => `function/${fn}/output/${output}`,
  done: (fn: number) => `function/${fn}/done`,
  handle: (state: number) => `state/${state}/handle`,
  value: (state: number) => `state/${state}/value`,
  given: (state: number) => `state/${state}/given`,
  written: (state: number) => `state/${state}/written`,
};
