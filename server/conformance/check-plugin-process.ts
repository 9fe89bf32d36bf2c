import { StillroomError, type Problem } from '../../plugins/sdk/index.ts';
import { builtinPacks } from '../plugins/builtin.ts';
import { docsOf, iconOf } from '../plugins/icon-and-docs.ts';
import { loadPlugin } from '../plugins/load.ts';
import type { PluginPackage } from '../plugins/manifest.ts';
import { together } from '../plugins/open-packs.ts';
import type { PluginEntry } from '../plugins/plugin-entry.ts';
import { readPluginTemplates } from '../plugins/templates.ts';
import { doErrand } from '../processes/errand.ts';
import { announced, type Call } from './announced.ts';
import { checkPack } from './check-pack.ts';
import type { Finding } from './finding.ts';

/** What a process that checks a plugin is ordered. */
export interface PluginCheckOrder {
  entry: PluginEntry;
  package: PluginPackage;
}

export interface PluginCheck {
  /** What its nodes were run on. */
  ranOn: string;
  /** Of its packs. */
  findings: Finding[];
  /** Of what its manifest names besides. */
  problems: Problem[];
}

doErrand<PluginCheckOrder, Call | null, PluginCheck>(async ({ entry, package: found }, tell) => {
  const { packs } = await loadPlugin(entry);
  const { folder, name } = entry;
  const { registry } = together(builtinPacks, [{ entry, packs }]);
  const { problems } = await readPluginTemplates({ folder, package: found }, registry);
  const { icon, docs } = found.manifest;
  const offering = { name, folder, package: found };
  for (const read of [...(icon === undefined ? [] : [iconOf]), ...(docs === undefined ? [] : [docsOf])]) {
    await read(offering).catch((error: unknown) => {
      if (!(error instanceof StillroomError)) throw error;
      problems.push(...error.problems);
    });
  }
  const reports = [];
  for (const pack of packs) reports.push(await checkPack(announced(pack, (call) => tell(call, true)), { plugin: name }));
  return { ranOn: reports[0]?.ranOn ?? 'nothing', findings: reports.flatMap(({ findings }) => findings), problems };
});
