import { rmSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseHTML } from 'linkedom';
import sharp from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import { embedImage } from '../../../../server/runs/report/embed-image.ts';
import { writeReport } from '../../../../server/runs/report/write-report.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';
import { recordRun, type Recording } from '../recorded-run.ts';

const folder = temporaryFolder();
let made = 0;

async function report(recording?: Recording, spoil: (path: string) => void = () => {}): Promise<{ text: string; page: Document; missing: string[] }> {
  const path = await recordRun(join(folder, `run-${made++}`), recording);
  spoil(path);
  const { file, missing } = await writeReport(path);
  expect(file).toBe(join(path, 'report.html'));
  const text = readFileSync(file, 'utf8');
  return { text, page: parseHTML(text).document as unknown as Document, missing };
}

/** What is read, elements a space apart. */
const wordsOf = (node: Node): string => (node.childNodes.length ? [...node.childNodes].map(wordsOf).join(' ') : (node.textContent ?? ''));

const textsOf = (page: Document, selector: string): string[] =>
  [...page.querySelectorAll(selector)].map((element) => wordsOf(element).replaceAll(/\s+/g, ' ').trim());

describe('the report of a finished run', () => {
  let text: string;
  let page: Document;
  let missing: string[];

  beforeAll(async () => {
    ({ text, page, missing } = await report());
  });

  it('needs nothing else: no script, no link that leads out of it, pictures as data; the browser is told to hold it to that', () => {
    expect(missing).toEqual([]);
    expect(page.querySelectorAll('script, link, iframe, object, embed, base')).toHaveLength(0);
    expect(text).not.toMatch(/https?:|url\(|@import|\son\w+=/);
    for (const image of page.querySelectorAll('img')) expect(image.getAttribute('src')).toMatch(/^data:image\/webp;base64,[\w+/=]+$/);
    for (const link of page.querySelectorAll('a')) {
      const target = link.getAttribute('href')!;
      expect(target).toMatch(/^#/);
      expect(page.getElementById(target.slice(1)), target).not.toBeNull();
    }
    expect(page.querySelector('meta[http-equiv="Content-Security-Policy"]')!.getAttribute('content')).toBe(
      "default-src 'none'; img-src data:; style-src 'unsafe-inline'",
    );
  });

  it('can be read without seeing: language, headings in steps, names of tables and their columns, words for each picture', () => {
    expect(page.documentElement.getAttribute('lang')).toBe('en');
    const levels = [...page.querySelectorAll('h1, h2, h3, h4')].map(({ tagName }) => Number(tagName[1]));
    expect(levels[0]).toBe(1);
    levels.slice(1).forEach((level, i) => expect(level - levels[i]!).toBeLessThanOrEqual(1));
    for (const table of page.querySelectorAll('table')) {
      expect(table.querySelector('caption')?.textContent).toBeTruthy();
      for (const head of table.querySelectorAll('thead th')) expect(head.getAttribute('scope')).toBe('col');
      for (const head of table.querySelectorAll('tbody th')) expect(head.getAttribute('scope')).toBe('row');
    }
    for (const image of page.querySelectorAll('img')) expect(image.getAttribute('alt')).toMatch(/score/);
    for (const svg of page.querySelectorAll('svg')) {
      expect(svg.getAttribute('role')).toBe('img');
      expect(svg.getAttribute('aria-label')).toBeTruthy();
    }
    const ids = [...page.querySelectorAll('[id]')].map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('is made for light, dark and paper', () => {
    expect(text).toContain('color-scheme: light dark');
    expect(text).toContain('@media (prefers-color-scheme: dark)');
    expect(text).toContain('@media print');
  });

  it('begins with what the weights permit one to conclude, and the figures in percent', () => {
    expect(textsOf(page, '#figures .caution')).toEqual(['resnet18.starter: starter weights: results are not comparable with the paper.']);
    expect(textsOf(page, '.tiles dd')).toEqual(['75.0 %', '50.0 %', '– %']);
  });

  it('states the threshold with its rule, promise and observation, and what is not inspected', () => {
    const [section] = textsOf(page, '#category-1');
    expect(section).toContain('2: the 0.99 quantile of the validation scores, learnt from 14 validation images, never from test labels');
    expect(section).toContain('13 % expected at most; with 95 % confidence between 0.2 % and 34 %');
    expect(section).toContain('50 % (1.3 % to 99 %)');
    expect(section).toContain('23 % of each image is not inspected');
    expect(textsOf(page, '.confusion tbody tr')).toEqual(['defective 2 1 missed', 'good 1 false alarm 1']);
  });

  it('has a row for each defect: images, AUROC against the good ones (1 and 2.5), mean score, share found at 2', () => {
    const table = [...page.querySelectorAll('table')].find((one) => one.textContent!.includes('called anomalous') && one.textContent!.includes('AUROC'))!;
    const rows = [...table.querySelectorAll('tbody tr')].map((row) => [...row.children].map((cell) => cell.textContent!.trim()));
    expect(rows).toEqual([
      ['good', '2', '–', '1.75', '50.0 %'],
      // 1.5 stands above 1 of the two, 9 above both.
      ['blot', '2', '75.0', '5.25', '50.0 %'],
      ['scratch', '1', '100.0', '4', '100.0 %'],
    ]);
  });

  it('draws scores, curves and losses, with the threshold and the best epoch', () => {
    const labels = [...page.querySelectorAll('.charts svg')].map((svg) => svg.getAttribute('aria-label'));
    expect(labels).toEqual([
      'Histogram of the detection scores of plates: 2 good and 3 anomalous test images',
      'ROC of detection, plates: true-positive rate over false-positive rate',
      'Losses of fit-shallow, plates, over 3 epochs: validation loss 0.6 at the end, lowest 0.4 at epoch 2',
    ]);
    expect(textsOf(page, '.charts')[0]).toContain('threshold 2');
    expect(textsOf(page, '.charts')[1]).toContain('best: epoch 2');
    // Neither a place nor a size may have become no number.
    expect(text).not.toMatch(/NaN|undefined|Infinity|\[object/);
  });

  it('shows missed defects, false alarms and what the run is surest of', () => {
    const kinds = [...page.querySelectorAll('h4')].map((title) => {
      const files = [...(title.parentElement!.children as unknown as Element[])];
      const pictures = files.slice(files.indexOf(title)).find((element) => element.className === 'pictures');
      return [title.textContent, [...(pictures?.querySelectorAll('.file') ?? [])].map((file) => file.textContent)];
    });
    expect(kinds).toEqual([
      ['Missed defects 1', ['test/blot/0.png']],
      ['False alarms 1', ['test/good/1.png']],
      ['Surest finds 2', ['test/blot/1.png', 'test/scratch/0.jpg']],
      ['Surest good images 1', ['test/good/0.png']],
    ]);
  });

  it('says of F1-max that it looks at test labels', () => {
    expect(textsOf(page, 'details th')).toContain('F1-max (looks at test labels)');
  });

  it('draws every node and edge of the graph', () => {
    const graph = JSON.parse(readFileSync(new URL('../../../../graphs/shallow.json', import.meta.url), 'utf8')) as { nodes: object; edges: unknown[] };
    expect(page.querySelectorAll('svg.graph .node')).toHaveLength(Object.keys(graph.nodes).length);
    expect(page.querySelectorAll('svg.graph .wires path')).toHaveLength(graph.edges.length);
  });

  it('lists what the result depends on', () => {
    const [run] = textsOf(page, '#run');
    for (const fact of ['c'.repeat(64), 'Seed 0', 'TensorFlow 2.21.0', 'a processor', 'epochs 3', 'resnet18.starter', '3.0 s']) expect(run).toContain(fact);
  });
});

describe('names that would be markup', () => {
  const evil = `<img src=x onerror="alert(1)">'&`;

  it('of categories, files, defects, nodes, graphs and warnings stay text, in charts and attributes too', async () => {
    const { text, page } = await report({
      category: evil,
      images: [[`${evil}/test/${evil}/"><script>alert(2)</script>.png`, evil, 5], [`${evil}/test/good/0.png`, 'good', 1]],
      graph: (graph) => {
        graph.name = `</title><script>alert(3)</script>`;
        graph.nodes['normalise']!.title = `</text><b>b`;
      },
      manifest: { warnings: [{ code: 'x', severity: 'warning', message: `${evil}\u202E` }], problem: null },
    });
    expect(text).not.toMatch(/<script|<img src=x|onerror="|<b>b|\u202E/);
    expect(page.querySelectorAll('script, [onerror], b')).toHaveLength(0);
    expect(page.querySelector('#category-1 h2')!.textContent).toBe(evil);
    expect(page.querySelector('title')!.textContent).toBe('</title><script>alert(3)</script> – Stillroom');
    expect(page.querySelector('.charts svg')!.getAttribute('aria-label')).toContain(evil);
  });
});

describe('the report of a run that is not whole', () => {
  it('of one that still works: says so, and names what is missing', async () => {
    const { page, missing } = await report({ manifest: { status: 'running', ended: null, timings: {} } }, (path) => {
      for (const name of ['metrics.json', 'plates/reports.json', 'plates/scores.csv']) rmSync(join(path, ...name.split('/')));
      rmSync(join(path, 'plates', 'maps'), { recursive: true });
    });
    expect(textsOf(page, '#figures .caution')[0]).toContain('This run is not finished (running)');
    expect(textsOf(page, '#figures')[0]).toContain('Nothing is measured yet.');
    expect(missing).toEqual(['metrics: there is no metrics.json', 'curves of plates: there is no plates/reports.json', 'scores of plates: there is no plates/scores.csv']);
    expect(textsOf(page, '#run li')).toEqual(missing);
    // What there is is shown all the same.
    expect(page.querySelectorAll('.charts svg')).toHaveLength(1);
  });

  it('of an older one, which states no rule of its threshold and knows less of itself', async () => {
    const { page } = await report({}, (path) => {
      const file = join(path, 'plates', 'reports.json');
      const reports = JSON.parse(readFileSync(file, 'utf8')) as { reports: { detection: { threshold?: unknown } } };
      delete reports.reports.detection.threshold;
      writeFileSync(file, JSON.stringify(reports));
      const { status, started, seed, identity, graph } = JSON.parse(readFileSync(join(path, 'manifest.json'), 'utf8')) as Record<string, unknown>;
      writeFileSync(join(path, 'manifest.json'), JSON.stringify({ status, started, seed, identity, graph }));
    });
    expect(textsOf(page, '#category-1')[0]).toContain('An image is called anomalous at 2 or above. The run does not say how that was found.');
  });

  it.each([
    ['graph.json', '{', 'the graph: graph.json cannot be read'],
    ['metrics.json', '[1]', 'metrics: metrics.json cannot be read'],
    ['plates/reports.json', '{"reports": 3}', 'curves of plates: plates/reports.json cannot be read'],
    ['plates/scores.csv', 'file,defect\n"unclosed', 'scores of plates: plates/scores.csv cannot be read'],
  ])('with a damaged %s: says so', async (name, content, said) => {
    const { missing } = await report({}, (path) => writeFileSync(join(path, ...name.split('/')), content));
    expect(missing).toContain(said);
  });

  it('with a log whose last line is cut off: shows the epochs before it', async () => {
    const { page } = await report({}, (path) => {
      const file = join(path, 'metrics.jsonl');
      writeFileSync(file, readFileSync(file, 'utf8').slice(0, -20));
    });
    expect(page.querySelector('.charts svg[aria-label^="Losses"]')!.getAttribute('aria-label')).toContain('over 2 epochs');
  });

  it('without defective images, without images, and with one image: no chart breaks', async () => {
    for (const images of [[], [['plates/test/good/0.png', 'good', 3]]] as const) {
      const { text } = await report({ images: images as never, metrics: { imageAuroc: null }, own: { imageAuroc: null } });
      expect(text).not.toMatch(/NaN|undefined|Infinity/);
    }
  });
});

describe('a folder that is no run', () => {
  it('is refused', async () => {
    await expect(writeReport(join(folder, 'nothing'))).rejects.toMatchObject({ code: 'not-a-run', place: { file: join(folder, 'nothing') } });
  });

  it('nor one with a damaged manifest', async () => {
    const path = await recordRun(join(folder, 'damaged'));
    writeFileSync(join(path, 'manifest.json'), '{"status":');
    await expect(writeReport(path)).rejects.toMatchObject({ code: 'run-folder-corrupt' });
  });
});

describe('many pictures', () => {
  it('keep to a budget: those of a report of 40 categories with large maps stay below 20 MB', async () => {
    const path = await recordRun(join(folder, 'large'));
    const noise = Buffer.from(Uint8Array.from({ length: 1600 * 800 * 3 }, (_, i) => Math.imul(i ^ (i >>> 7), 2654435761) >>> 24));
    await sharp(noise, { raw: { width: 1600, height: 800, channels: 3 } }).png().toFile(join(path, 'noise.png'));
    const small = await embedImage(join(path, 'noise.png'), 12e6 / (40 * 16));
    expect(small!.uri.length).toBeLessThan(20e6 / (40 * 16));
    expect(statSync(join(path, 'noise.png')).size).toBeGreaterThan(1e6);
    expect(await embedImage(join(path, 'manifest.json'), 1e6)).toBeNull();
  });
});

describe('sections that a result adds', () => {
  it('stand in the report with their tables and curves, and their text is text', async () => {
    const { page } = await report({
      sections: [
        {
          title: 'By <area>',
          text: ['Small <script>alert(1)</script> ones are missed.'],
          tables: [{ title: 'Overlap', columns: [{ title: 'area', kind: 'text' }, { title: 'overlap', kind: 'share' }, { title: 'pixels', kind: 'number' }], rows: [['small', 0.256, 12], ['large', null, 1234.5]] }],
          curves: [{ name: 'Overlap', x: { title: 'threshold', values: [-2, 5] }, y: { title: 'overlap', values: [3, 1] } }],
        },
      ],
    });
    expect(page.querySelectorAll('script')).toHaveLength(0);
    const saidIn = (selector: string): (string | null)[] => [...page.querySelectorAll(selector)].map(({ textContent }) => textContent);
    expect(saidIn('h3')).toContain('By <area> detection');
    expect(saidIn('.category > p')).toContain('Small <script>alert(1)</script> ones are missed.');
    const table = [...page.querySelectorAll('table')].find((one) => one.querySelector('caption')?.textContent === 'Overlap')!;
    expect([...table.querySelectorAll('tbody tr')].map((row) => [...row.children].map(({ textContent }) => textContent))).toEqual([
      ['small', '25.6 %', '12'],
      ['large', '–', '1235'],
    ]);
    expect([...page.querySelectorAll('svg')].map((svg) => svg.getAttribute('aria-label'))).toContain('Overlap of detection, plates: overlap over threshold');
  });
});
