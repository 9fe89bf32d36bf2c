import { Command } from 'commander';
import { dataInfoCommand } from './data-info-command.ts';
import { demoDataCommand } from './demo-data-command.ts';

/** `stillroom data`. */
export function dataCommand(): Command {
  return new Command('data')
    .description('Look at datasets, and make the generated demo set')
    .addCommand(dataInfoCommand())
    .addCommand(demoDataCommand());
}
