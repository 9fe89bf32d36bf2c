import { Option } from 'commander';

/** `--plugin DIR`: one at a time, since an option that took several would take what follows too. */
export const pluginOption = (): Option =>
  new Option('--plugin <dir>', 'use the plugin in this folder, which is being worked at; may be repeated').argParser((folder: string, before: string[] = []) => [...before, folder]);
