// The types of carry(), and of OpenTelemetry's carrier.

import { MessageChannel, Worker, parentPort } from 'node:worker_threads';
import {
  type Carried,
  type ContextCarrier,
  type ReceivedMessage,
  carry,
  storageFor,
} from 'async-hooks-rs/contexts';
import { type OpenTelemetryContext, openTelemetry } from 'async-hooks-rs/opentelemetry';
import { type Equal, expect } from './equal.js';

const storage = storageFor<{ id: number }>('types.carry');
const { port1 } = new MessageChannel();

// What it takes.
const carried = carry(new Worker('file.js'), { contexts: [storage] });
carry(port1);
carry(port1, {});
carry(port1, { contexts: [{ storage, serialize: ({ id }) => id }, openTelemetry] });
if (parentPort !== null) carry(parentPort);
// @ts-expect-error there is no parent in the main thread
carry(parentPort);
// @ts-expect-error no port
carry({});
// @ts-expect-error a list
carry(port1, { contexts: storage });
// @ts-expect-error no such option
carry(port1, { context: [storage] });

// What it gives.
expect<Equal<typeof carried, Carried>>(true);
const sum = carried.run((a: number, b: number) => a + b, 1, 2);
expect<Equal<typeof sum, number>>(true);
// @ts-expect-error a wrong argument
carried.run((a: number) => a, 'text');
const received = carried.receive<string>();
expect<Equal<typeof received, ReceivedMessage<string> | undefined>>(true);
const length = received?.run((text: string) => text.length, received.message);
expect<Equal<typeof length, number | undefined>>(true);

// OpenTelemetry.
expect<Equal<typeof openTelemetry, ContextCarrier<OpenTelemetryContext>>>(true);
const sent = openTelemetry.capture();
expect<Equal<typeof sent, OpenTelemetryContext | undefined>>(true);
expect<Equal<NonNullable<OpenTelemetryContext['span']>['traceFlags'], number>>(true);
