import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { black, encoded, picture, type Content } from './pictures.ts';
import { Reading } from './reading.ts';

const reading = new Reading(temporaryFolder());
const mark = picture(1);
let shade = 0;
/** Another picture each time, so that nothing leaks. */
const image = (): Content => picture(1 + (shade++ % 250), 4 + Math.floor(shade / 250), 6);
/** As `image`, but of another size than masks have: where a mask is claimed, it must be `fit`. */
const fit = (): Content => ({ height: 4, width: 6, grey: 2 + (shade++ % 250) });
const text = (content: string): Content => Buffer.from(content);
const codes = (problems: readonly { code: string }[]): string[] => problems.map(({ code }) => code);

async function bmp(grey: number): Promise<Buffer> {
  const pixels = await sharp(await encoded(picture(grey))).raw().toBuffer();
  const line = Buffer.alloc(20);
  const header = Buffer.alloc(54);
  header.write('BM');
  header.writeUInt32LE(54, 10);
  [40, 6, 4].forEach((value, i) => header.writeUInt32LE(value, 14 + 4 * i));
  header.writeUInt16LE(1, 26);
  header.writeUInt16LE(24, 28);
  return Buffer.concat([header, ...[0, 1, 2, 3].map(() => Buffer.from(line.fill(pixels[0]!)))]);
}

describe('MVTec AD and MPDD', () => {
  const files = {
    'tubes/train/good/000.png': image(),
    'tubes/test/good/000.png': image(),
    'tubes/test/anomalous/000.png': fit(),
    'tubes/ground_truth/anomalous/000_mask.png': mark,
  };

  it('are found in a folder of their name, too, as archives unpack', async () => {
    const wrapped = Object.fromEntries(Object.entries(files).map(([path, content]) => [`MPDD/${path}`, content]));
    expect(await reading.read(wrapped)).toMatchObject({
      layout: 'mvtec-set',
      categories: {
        tubes: {
          train: ['MPDD/tubes/train/good/000.png'],
          test: [
            'MPDD/tubes/test/anomalous/000.png (anomalous: MPDD/tubes/ground_truth/anomalous/000_mask.png)',
            'MPDD/tubes/test/good/000.png (good)',
          ],
        },
      },
      problems: [],
    });
  });

  it('two categories of one name in two folders are told apart by their paths', async () => {
    const both = Object.fromEntries(['a', 'b'].flatMap((set) => Object.keys(files).map((path) => [`${set}/${path}`, fit()])));
    expect(Object.keys((await reading.read(both)).categories)).toEqual(['a/tubes', 'b/tubes']);
  });

  it('two images of one stem and one mask: told, as the mask may fit one only', async () => {
    const { problems } = await reading.read({ ...files, 'tubes/test/anomalous/000.jpg': await sharp(await encoded(picture(9))).jpeg().toBuffer() });
    expect(problems).toMatchObject([
      {
        code: 'shared-mask',
        severity: 'warning',
        message: 'tubes: expected a mask for each image, found one for tubes/test/anomalous/000.jpg and tubes/test/anomalous/000.png',
      },
    ]);
  });
});

describe('MVTec LOCO AD', () => {
  const files = {
    'train/good/000.png': image(),
    'validation/good/000.png': image(),
    'test/good/000.png': image(),
    'test/structural_anomalies/000.png': fit(),
    'test/structural_anomalies/001.png': fit(),
    'test/logical_anomalies/000.png': fit(),
    'ground_truth/structural_anomalies/000/000.png': mark,
    'ground_truth/structural_anomalies/001/000.png': mark,
    'ground_truth/structural_anomalies/001/001.png': mark,
    'ground_truth/logical_anomalies/000/000.png': mark,
    'defects_config.json': text('[]'),
  };
  const structural = [
    'test/structural_anomalies/000.png (structural_anomalies: ground_truth/structural_anomalies/000/000.png)',
    'test/structural_anomalies/001.png (structural_anomalies: ground_truth/structural_anomalies/001/000.png ground_truth/structural_anomalies/001/001.png)',
  ];

  it('validates on its own images, measures structural anomalies, takes all masks of an image together', async () => {
    const { layout, categories, problems } = await reading.read(files, {}, 'pushpins');
    expect(layout).toBe('mvtec-loco');
    expect(categories).toEqual({
      pushpins: {
        train: ['train/good/000.png'],
        validation: ['validation/good/000.png'],
        test: ['test/good/000.png (good)', ...structural],
      },
    });
    expect(problems).toMatchObject([
      { code: 'defects-left-out', severity: 'warning', message: 'pushpins: 1 test images with logical_anomalies are left out' },
    ]);
  });

  it('measures logical anomalies where they are asked for', async () => {
    const { categories, problems } = await reading.read(files, { defects: ['structural_anomalies', 'logical_anomalies'] }, 'pushpins');
    expect(categories['pushpins']!.test).toHaveLength(4);
    expect(problems).toEqual([]);
  });

  it('an image with a part of its masks only counts as one without', async () => {
    const { dataset, problems } = await reading.read(
      { ...files, 'ground_truth/structural_anomalies/001/001.png': text('x') },
      { onProblem: 'skip' },
    );
    expect(dataset.categories[0]!.test.map(({ mask }) => mask !== null)).toEqual([false, true, false]);
    expect(codes(problems)).toEqual(['unreadable-image', 'defects-left-out', 'no-mask']);
  });

  it('names the parts of a mask in the hash of the dataset', async () => {
    const { dataset } = await reading.read(files);
    expect(dataset.categories[0]!.test[2]!.mask!.more).toMatchObject([{ path: 'ground_truth/structural_anomalies/001/001.png', width: 6 }]);
  });
});

describe('VisA', () => {
  const files = {
    'LICENSE-DATASET': text(''),
    'candle/Data/Images/Normal/0000.JPG': image(),
    'candle/Data/Images/Normal/0001.JPG': image(),
    'candle/Data/Images/Normal/0002.JPG': image(),
    'candle/Data/Images/Anomaly/000.JPG': fit(),
    'candle/Data/Images/Anomaly/001.JPG': fit(),
    'candle/Data/Masks/Anomaly/000.png': mark,
    'candle/Data/Masks/Anomaly/001.png': mark,
    'candle/image_anno.csv': text(
      [
        'image,label,mask',
        'candle/Data/Images/Normal/0000.JPG,normal,',
        'candle/Data/Images/Anomaly/000.JPG,chunk of wax missing,candle/Data/Masks/Anomaly/000.png',
        'candle/Data/Images/Anomaly/001.JPG,"foreign particals on candle,other",candle/Data/Masks/Anomaly/001.png',
      ].join('\n'),
    ),
    'split_csv/1cls.csv': text(
      [
        'object,split,label,image,mask',
        'candle,train,normal,candle/Data/Images/Normal/0000.JPG,',
        'candle,train,normal,candle/Data/Images/Normal/0002.JPG,',
        'candle,test,normal,candle/Data/Images/Normal/0001.JPG,',
        'candle,test,anomaly,candle/Data/Images/Anomaly/000.JPG,candle/Data/Masks/Anomaly/000.png',
        'capsules,train,normal,capsules/Data/Images/Normal/000.JPG,',
      ].join('\r\n'),
    ),
  };
  const defective = [
    'candle/Data/Images/Anomaly/000.JPG (chunk_of_wax_missing: candle/Data/Masks/Anomaly/000.png)',
    'candle/Data/Images/Anomaly/001.JPG (foreign_particals_on_candle+other: candle/Data/Masks/Anomaly/001.png)',
  ];

  it('is split as its list says; defects have the names that its authors gave them', async () => {
    const { layout, categories, problems } = await reading.read(files, {}, 'VisA');
    expect(layout).toBe('visa');
    expect(categories).toEqual({
      candle: {
        train: ['candle/Data/Images/Normal/0000.JPG', 'candle/Data/Images/Normal/0002.JPG'],
        test: [...defective, 'candle/Data/Images/Normal/0001.JPG (good)'],
      },
    });
    // PNG called .JPG here.
    expect(codes(problems)).toEqual(['misnamed-image']);
  });

  it('a category alone, without the list, is split by drawing, and told so', async () => {
    const alone = Object.fromEntries(Object.entries(files).flatMap(([path, content]) => (path.startsWith('candle/') ? [[path.slice(7), content]] : [])));
    const { categories, problems } = await reading.read({ ...alone, ...Object.fromEntries([3, 4, 5, 6, 7].map((i) => [`Data/Images/Normal/000${i}.JPG`, image()])) }, {}, 'candle');
    expect(categories['candle']!.train).toHaveLength(7);
    expect(categories['candle']!.test).toHaveLength(3);
    expect(problems).toMatchObject([
      { code: 'misnamed-image' },
      { code: 'good-images-held-out', message: 'candle: 1 of 8 normal images are kept for the test', hint: expect.stringContaining('split_csv') as string },
    ]);
  });

  it('what the list names and the folder lacks is told', async () => {
    const { 'candle/Data/Images/Normal/0002.JPG': _, ...rest } = files;
    const { problems } = await reading.read(rest);
    expect(problems.find(({ code }) => code === 'listed-not-there')!.message).toContain('Normal/0002.JPG');
  });
});

describe('BTAD', () => {
  it('good images are ok, defective ones ko; PNG and BMP, masks of either', async () => {
    const { layout, categories, problems } = await reading.read({
      '01/train/ok/0000.bmp': await bmp(1),
      '01/test/ok/0001.bmp': await bmp(2),
      '01/test/ko/0002.bmp': await bmp(3),
      '01/ground_truth/ko/0002.png': mark,
      '03/train/ok/0000.png': image(),
      '03/test/ok/0000.png': image(),
      '03/test/ko/0001.png': fit(),
      '03/ground_truth/ko/0001.bmp': await bmp(255),
      '03/ground_truth/ok/0000.bmp': await bmp(0),
    });
    expect(layout).toBe('btad');
    expect(categories).toEqual({
      '01': { train: ['01/train/ok/0000.bmp'], test: ['01/test/ko/0002.bmp (ko: 01/ground_truth/ko/0002.png)', '01/test/ok/0001.bmp (good)'] },
      '03': { train: ['03/train/ok/0000.png'], test: ['03/test/ko/0001.png (ko: 03/ground_truth/ko/0001.bmp)', '03/test/ok/0000.png (good)'] },
    });
    expect(problems).toEqual([]);
  });
});

describe('KolektorSDD2', () => {
  const files = {
    'train/10000.png': fit(),
    'train/10000_GT.png': black,
    'train/10001.png': fit(),
    'train/10001_GT.png': mark,
    'train/10301 (copy).png': fit(),
    'test/20000.png': fit(),
    'test/20000_GT.png': black,
    'test/20001.png': fit(),
    'test/20001_GT.png': mark,
  };
  const categories = {
    KolektorSDD2: { train: ['train/10000.png'], test: ['test/20000.png (good)', 'test/20001.png (defect: test/20001_GT.png)'] },
  };

  it.each(['pixels', 'header'] as const)('an empty mask says that an image is good; only good ones train (looking at %s)', async (scrutiny) => {
    const { layout, problems, ...found } = await reading.read(files, { scrutiny }, 'KolektorSDD2');
    expect(layout).toBe('kolektor-sdd2');
    expect(found.categories).toEqual(categories);
    expect(problems).toMatchObject([
      { code: 'defective-left-out', file: 'train/10001.png', message: 'KolektorSDD2: 1 of 2 training images are defective: left out' },
      { code: 'unjudged-images', file: 'train/10301 (copy).png' },
    ]);
  });

  it('an image whose mask cannot be read is not taken for good', async () => {
    const broken = { ...files, 'train/10000_GT.png': text('x'), 'train/10002.png': fit(), 'train/10002_GT.png': black, 'test/20000_GT.png': text('x') };
    const { dataset } = await reading.read(broken, { onProblem: 'skip' });
    expect(dataset.categories[0]!.train.map(({ path }) => path)).toEqual(['train/10002.png']);
    expect(dataset.categories[0]!.test.map(({ path }) => path)).toEqual(['test/20001.png']);
    expect(await reading.refusal(broken)).toMatchObject({ code: 'unreadable-image', file: 'test/20000_GT.png' });
  });
});

describe('DAGM 2007', () => {
  const files = {
    'Class1/Train/0001.PNG': fit(),
    'Class1/Train/0002.PNG': fit(),
    'Class1/Train/Label/0002_label.PNG': mark,
    'Class1/Train/Label/Labels.txt': text('1\n0001\t0\t0001.PNG\t0\t0\n0002\t1\t0002.PNG\t1\t0002_label.PNG\n'),
    'Class1/Test/0001.PNG': fit(),
    'Class1/Test/0002.PNG': fit(),
    'Class1/Test/0003.PNG': fit(),
    'Class1/Test/Label/0002_label.PNG': mark,
    'Class1/Test/Label/Labels.txt': text('1\r\n0001\t0\t0001.PNG\t0\t0\r\n0002\t1\t0002.PNG\t1\t0002_label.PNG\r\n0003\t1\t0003.PNG\t0\t0\r\n'),
  };

  it('an image is defective where the list or an ellipse says so; defective ones do not train', async () => {
    const { layout, categories, problems } = await reading.read(files);
    expect(layout).toBe('dagm');
    expect(categories).toEqual({
      Class1: {
        train: ['Class1/Train/0001.PNG'],
        test: ['Class1/Test/0001.PNG (good)', 'Class1/Test/0002.PNG (defect: Class1/Test/Label/0002_label.PNG)', 'Class1/Test/0003.PNG (defect)'],
      },
    });
    expect(codes(problems)).toEqual(['defective-left-out', 'weak-masks', 'no-mask']);
    expect(problems[1]!.message).toMatch(/^Class1: masks are ellipses around the defects/);
  });

  it('without the list, ellipses say it', async () => {
    const bare = Object.fromEntries(Object.entries(files).filter(([path]) => !path.endsWith('.txt')));
    expect((await reading.read(bare)).categories['Class1']!.test[2]).toBe('Class1/Test/0003.PNG (good)');
  });
});

describe('TILDA', () => {
  const tif = async (): Promise<Buffer> => sharp(await encoded(fit() as never)).tiff().toBuffer();
  const names = (n: number): string[] => Array.from({ length: n }, (_, i) => String(i + 1));

  it.each<[string, (textile: string, defect: string, n: string) => string]>([
    ['folders of textile, kind and defect', (textile, defect, n) => `${textile.slice(0, 2)}/${textile.slice(2)}/${defect}/${textile}${defect}n${n}.tif`],
    ['folders of textile, kind and defect, names without meaning', (textile, defect, n) => `TILDA/${textile.slice(0, 2)}/${textile.slice(2)}/${defect}/${n}.tif`],
    ['a folder for each', (textile, defect, n) => `${textile}${defect}/${n}.tif`],
    ['one folder', (textile, defect, n) => `images/${(textile + defect + 'n' + n).toUpperCase()}.TIF`],
  ])('%s', async (_, pathOf) => {
    const files: Record<string, Content> = {};
    for (const textile of ['c1r1', 'c2r3']) {
      for (const n of names(5)) files[pathOf(textile, 'e0', n)] = await tif();
      for (const defect of ['e1', 'e4']) files[pathOf(textile, defect, '1')] = await tif();
    }
    const { layout, dataset, problems } = await reading.read(files, { onProblem: 'skip' });
    expect(layout).toBe('tilda');
    expect(
      dataset.categories.map(({ name, train, test }) => [name, train.length, test.map(({ defect }) => defect).sort()]),
    ).toEqual([
      ['c1r1', 4, ['e1', 'e4', 'good']],
      ['c2r3', 4, ['e1', 'e4', 'good']],
    ]);
    expect(codes(problems).filter((code) => code !== 'leakage')).toEqual(['good-images-held-out', 'no-mask', 'good-images-held-out', 'no-mask']);
  });

  it('sorted into good and defects by others, it is read as such', async () => {
    const files: Record<string, Content> = { 'hole/c1r1e1n1-3.png': image(), 'oil spot/c1r1e2n1-3.png': image() };
    for (const n of names(5)) files[`good/c1r1e0n${n}-1.png`] = image();
    const { layout, dataset } = await reading.read(files);
    expect(layout).toBe('good-and-defects');
    expect(dataset.categories[0]!.test.map(({ defect }) => defect)).toEqual(['good', 'hole', 'oil spot']);
  });
});

describe('a folder that validates', () => {
  it.each([
    ['plain', { 'a.png': image(), 'validation/b.png': image() }, undefined],
    ['good-and-defects', { 'good/a.png': image(), 'hole/a.png': image(), 'val/b.png': image() }, 'val'],
    ['mvtec', { 'train/good/a.png': image(), 'train/kept/b.png': image(), 'test/good/c.png': image() }, 'train/kept'],
  ])('in the layout %s', async (layout, files, validationFolder) => {
    const found = await reading.read(files, validationFolder ? { validationFolder } : {});
    expect(found.layout).toBe(layout);
    expect(found.categories['set']!.validation).toEqual([expect.stringContaining('b.png')]);
    expect(found.categories['set']!.train).toEqual([expect.stringContaining('a.png')]);
    expect(codes(found.problems)).not.toContain('unused-images');
  });
});
