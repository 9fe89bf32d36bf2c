import { StillroomError, type AnyNodeDefinition, type HostTensor, type Sample } from '../../plugins/sdk/index.ts';
import { checkedReport } from '../runtime/checked-report.ts';
import { describeCase, type Case } from './case.ts';
import { sizeOf, type Fill } from './fill.ts';
import { reasonOf, type Findings } from './finding.ts';

/** A calibration pass over generated batches; gives the calibrated weights by name, where there are any. */
export function checkCalibration(definition: AnyNodeDefinition, found: Case, fill: Fill, findings: Findings): Record<string, Float32Array> {
  const where = describeCase(definition, found);
  const batches = [3, 1].map((batch) => fill.feeds(found.inputs, batch));
  const pass = (): Record<string, Float32Array> => {
    const learning = definition.calibrate!(found.params).begin();
    for (const batch of batches) learning.add(batch);
    return learning.finish();
  };
  try {
    const [learnt, again] = [pass(), pass()];
    for (const { name, role, shape } of found.weights) {
      if (role !== 'calibrated') continue;
      const data = learnt[name];
      if (data?.length !== sizeOf(shape) || !data.every(Number.isFinite)) {
        const seen = data ? (data.length === sizeOf(shape) ? 'one that is not finite' : `${data.length}`) : 'nothing';
        findings.add('calibration', `weight "${name}": expected ${sizeOf(shape)} finite numbers of the calibration pass, found ${seen} ${where}`, 'give every calibrated weight in `finish`', name);
      } else if (data.join() !== again[name]?.join()) {
        findings.add('calibration', `weight "${name}": expected two passes over the same images to agree, found that they do not ${where}`, 'begin anew in `begin`', name);
      }
    }
    return learnt;
  } catch (error) {
    // What is refused in words is no defect: flat maps have no scale.
    if (!(error instanceof StillroomError)) {
      findings.add('calibration', `expected a calibration pass, found that it throws ${where}: ${reasonOf(error)}`, 'throw a StillroomError that says what is wrong with the images');
    }
    return {};
  }
}

/** A sink over generated images: with and without defects, with and without masks. */
export function checkSink(definition: AnyNodeDefinition, found: Case, calibrated: Record<string, Float32Array>, fill: Fill, findings: Findings): void {
  const where = describeCase(definition, found);
  try {
    const sink = definition.sink!(found.params);
    const input = Object.values(found.inputs).find(({ type }) => type === sink.kind);
    if (!input) return findings.add('sink', `expected an input of the kind that the sink measures (${sink.kind}), found none`, 'give the node such an input');
    const value = (): HostTensor => ({ shape: [1, ...input.shape], data: fill.uniform(sizeOf(input.shape)) });
    const mask = (): Uint8Array => Uint8Array.from(fill.uniform(sizeOf(input.shape)), (x) => (x > 0.7 ? 1 : 0));
    const all: Sample[] = [
      { file: 'good/1.png', defect: 'good', anomalous: false, mask: null },
      { file: 'good/2.png', defect: 'good', anomalous: false, mask: null },
      { file: 'scratch/1.png', defect: 'scratch', anomalous: true, mask: mask() },
      { file: 'scratch/2.png', defect: 'scratch', anomalous: true, mask: null },
    ];
    for (const samples of [all, all.slice(0, 2), all.slice(2, 3)]) {
      const measuring = sink.evaluate(calibrated);
      for (const sample of samples) measuring.add(sample, value());
      const report = measuring.finish();
      const { metrics, notes } = report;
      for (const [name, metric] of Object.entries(metrics)) {
        if (metric === null || Number.isFinite(metric)) continue;
        findings.add('sink', `metric "${name}": expected a finite number, or null where it is undefined, found ${metric} for ${samples.length} images ${where}`, 'give null, and the reason as a note', name);
      }
      if (Array.isArray(notes)) {
        const [leftOut] = checkedReport(report).notes.slice(notes.length);
        if (leftOut !== undefined) findings.add('report', `expected sections that can be drawn, found ${where}: ${leftOut}`, 'give plain data of the form that `ReportSection` says');
      } else findings.add('sink', `expected a list of notes, found ${typeof notes}`, 'give `notes: []` where there is nothing to say');
    }
  } catch (error) {
    findings.add('sink', `expected a measurement, found that it throws ${where}: ${reasonOf(error)}`, 'give null for what cannot be measured, and the reason as a note', 'throws');
  }
}
