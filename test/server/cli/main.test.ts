import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { hashOf, json, problems, repository, Stillroom } from './stillroom.ts';

const stillroom = new Stillroom(join(temporaryFolder(), 'home'));

describe('stillroom --help', () => {
  it('names every command, first steps, where things are kept, and the exit codes', async () => {
    const { code, out, err } = await stillroom.call('--help');
    expect([code, err]).toEqual([0, '']);
    for (const command of ['run', 'check', 'nodes', 'data', 'weights', 'engine', 'demo']) {
      expect(out).toMatch(new RegExp(`^  ${command} {2,}\\S`, 'm'));
    }
    expect(out).toContain('$ stillroom demo');
    expect(out).toContain(`${stillroom.home} ($STILLROOM_HOME)`);
    expect(out).toMatch(/Exits with 0 .* 1 .* 2 .* 70 .* 130 /s);
  });

  it.each([
    ['run'], ['check'], ['nodes'], ['data', 'info'], ['data', 'demo'], ['weights'], ['weights', 'add'], ['engine'],
    ['engine', 'install'], ['demo'],
  ])('of %s %s teaches with an example', async (...command) => {
    const words = command.filter((word) => typeof word === 'string');
    const { code, out, err } = await stillroom.call(...words, '--help');
    expect([code, err]).toEqual([0, '']);
    expect(out).toContain(`Usage: stillroom ${words.join(' ')} `);
    expect(out).toMatch(/^ {2}\$ (\w+=\d+ )?stillroom /m);
    expect(out).toContain('Exits with 0');
    expect(out).not.toMatch(/default: ("[^"]?"|\[|\{)/);
  });

  it('is what `stillroom` alone gives, on standard error', async () => {
    const { code, out, err } = await stillroom.call();
    expect([code, out]).toEqual([2, '']);
    expect(err).toContain('First steps:');
  });
});

describe('a wrong command line', () => {
  it.each([
    [['rnu'], "unknown command 'rnu'", 'did you mean run?'],
    [['data', 'inof'], "unknown command 'inof'", 'did you mean info?'],
    [['weights', 'lst'], "unknown command 'lst'", 'did you mean list?'],
    [['engine', 'instal'], "unknown command 'instal'", 'did you mean install?'],
    [['check', 'a.json', '--jsno'], "unknown option '--jsno'", 'did you mean --json?'],
    [['check'], "missing required argument 'graph'", '`stillroom check --help` shows what it takes'],
    [['check', 'a', 'b'], "too many arguments for 'check'. Expected 1 argument but got 2", '`stillroom check --help` shows what it takes'],
    [['weights', 'add', 'mine'], "required option '--file <file>' not specified", '`stillroom weights add --help` shows what it takes'],
    [['run', 'a.json', '--seed'], "option '--seed <n>' argument missing", '`stillroom run --help` shows what it takes'],
    [['run', 'a.json', '--seed', '1e3'], '--seed: expected a whole number from 0, found "1e3"', '`stillroom run --help` shows what it takes'],
    [['run', 'a.json', '--mode', 'fast'], '--mode: expected native or eager, found "fast"', '`stillroom run --help` shows what it takes'],
    [['run', 'a.json', '--weights', 'resnet18'], '--weights: expected architecture=name or architecture=file, found "resnet18"', '`stillroom run --help` shows what it takes'],
    [['demo', '--category', 'texile'], '--category: expected one of textile, leather, wood, tile, grid, found "texile"', '`stillroom demo --help` shows what it takes'],
    [['engine', 'install', '--gpu', '--cpu'], "option '--gpu' cannot be used with option '--cpu'", '`stillroom engine install --help` shows what it takes'],
  ])('%j: one line with what to do, exit code 2, and nothing on standard output', async (args, message, hint) => {
    expect(await stillroom.call(...args)).toEqual({ code: 2, out: '', err: `error: ${message} (${hint})\n` });
  });

  it.each([[['rnu', '--json']], [['run', '--json']], [['--json']], [['data', '--json']], [['weights', 'add', '--json']], [['nodes', 'a', 'b', '--json']]])(
    '%j: one JSON document',
    async (args) => {
      const outcome = await stillroom.call(...args);
      expect(outcome.code).toBe(2);
      expect(json(outcome)).toEqual({ error: { code: 'bad-usage', message: expect.any(String) as unknown, hint: expect.any(String) as unknown } });
      expect(problems(outcome)).toHaveLength(1);
    },
  );

  it('takes --json after -- for an argument', async () => {
    const { code, out } = await stillroom.call('check', '--', '--json', 'b');
    expect([code, out]).toEqual([2, '']);
  });
});

describe('the process', () => {
  it('ends quietly where its reader has read enough', async () => {
    const child = spawn('bash', ['-c', 'node server/cli/bin.js check graphs/dual-model.json --json | true; echo ${PIPESTATUS[0]}'], {
      cwd: repository,
      env: { ...process.env, STILLROOM_HOME: stillroom.home },
    });
    let told = '';
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text: string) => (told += text));
    await new Promise((resolve) => child.once('close', resolve));
    expect(told).toBe('0\n');
  });

  it('gives the exit code of a problem, and one JSON document', async () => {
    const outcome = await stillroom.run('check', 'none.json', '--json');
    expect(outcome.code).toBe(1);
    expect(json(outcome)).toMatchObject({ error: { code: 'graph-missing', file: 'none.json' } });
  });

  it('has written nothing to the home by all this', () => {
    expect(hashOf(stillroom.home)).toBe('nothing');
  });
});
