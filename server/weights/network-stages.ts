import type { AnyNodeDefinition } from '../../plugins/sdk/node.ts';

/** The stages that a network can give, from the image inwards, by the parameter they are chosen with; undefined where it has none. */
export function stagesOf({ params }: Pick<AnyNodeDefinition, 'params'>): string[] | undefined {
  const control = params['stages']?.control;
  return control?.kind === 'stages' ? control.options.map(({ value }: { value: string }) => value) : undefined;
}
