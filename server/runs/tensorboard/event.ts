import protobuf from 'protobufjs/light.js';

/** What TensorBoard shows of one moment; field numbers as in TensorFlow's event.proto and summary.proto. */
export type Event =
  | { fileVersion: string }
  | { graphDef: Uint8Array }
  | { summary: { value: SummaryValue[] }; step: number };

export type SummaryValue =
  | { tag: string; simpleValue: number }
  | { tag: string; image: { height: number; width: number; colorspace: 3; encodedImageString: Uint8Array } };

const root = protobuf.Root.fromJSON({
  nested: {
    Event: {
      fields: {
        wallTime: { type: 'double', id: 1 },
        step: { type: 'int64', id: 2 },
        fileVersion: { type: 'string', id: 3 },
        graphDef: { type: 'bytes', id: 4 },
        summary: { type: 'Summary', id: 5 },
      },
    },
    Summary: { fields: { value: { rule: 'repeated', type: 'Value', id: 1 } } },
    Value: {
      fields: {
        tag: { type: 'string', id: 1 },
        simpleValue: { type: 'float', id: 2 },
        image: { type: 'Image', id: 4 },
      },
      // A loss of exactly 0 must be written out.
      oneofs: { value: { oneof: ['simpleValue', 'image'] } },
    },
    Image: {
      fields: {
        height: { type: 'int32', id: 1 },
        width: { type: 'int32', id: 2 },
        colorspace: { type: 'int32', id: 3 },
        encodedImageString: { type: 'bytes', id: 4 },
      },
    },
  },
});

/** The bytes of an event; `time` in seconds since 1970. */
export function encodeEvent(event: Event, time: number): Uint8Array {
  return root.lookupType('Event').encode({ wallTime: time, ...event }).finish();
}
