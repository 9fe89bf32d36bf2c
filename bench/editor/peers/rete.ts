import { ClassicPreset, NodeEditor, type GetSchemes } from 'rete';
import { AreaExtensions, AreaPlugin } from 'rete-area-plugin';
import { ConnectionPlugin, Presets as ConnectionPresets } from 'rete-connection-plugin';
import { Presets, SveltePlugin, type SvelteArea2D } from 'rete-svelte-plugin/5';
import { endOf, middleOf, wanted } from './graph.ts';

// rete with the renderer that it comes with, wired as its guide says.
type Scheme = GetSchemes<ClassicPreset.Node, ClassicPreset.Connection<ClassicPreset.Node, ClassicPreset.Node>>;

const container = document.getElementById('app')!;
const editor = new NodeEditor<Scheme>();
const area = new AreaPlugin<Scheme, SvelteArea2D<Scheme>>(container);
const connection = new ConnectionPlugin<Scheme, SvelteArea2D<Scheme>>();
const render = new SveltePlugin<Scheme, SvelteArea2D<Scheme>>();
AreaExtensions.selectableNodes(area, AreaExtensions.selector(), { accumulating: AreaExtensions.accumulateOnCtrl() });
render.addPreset(Presets.classic.setup());
connection.addPreset(ConnectionPresets.classic.setup());
editor.use(area);
area.use(connection);
area.use(render);

const { graph, hasField } = await wanted();
const socket = new ClassicPreset.Socket('socket');
const made = new Map<string, ClassicPreset.Node>();
for (const { id, title, x, y, inputs, outputs } of graph.nodes) {
  const node = new ClassicPreset.Node(title);
  for (const name of inputs) node.addInput(name, new ClassicPreset.Input(socket, name));
  for (const name of outputs) node.addOutput(name, new ClassicPreset.Output(socket, name));
  if (hasField) node.addControl('value', new ClassicPreset.InputControl('number', { initial: 1 }));
  made.set(id, node);
  await editor.addNode(node);
  await area.translate(node.id, { x, y });
}
for (const { from, to } of graph.wires) {
  const [source, target] = [endOf(from), endOf(to)];
  await editor.addConnection(new ClassicPreset.Connection(made.get(source.node)!, source.socket, made.get(target.node)!, target.socket));
}

window.reach = {
  showAll: () => AreaExtensions.zoomAt(area, editor.getNodes()),
  async showAtReading() {
    const { x, y } = middleOf(graph);
    await area.area.zoom(1, 0, 0);
    await area.area.translate(container.clientWidth / 2 - x, container.clientHeight / 2 - y);
  },
};
await window.reach.showAll();
