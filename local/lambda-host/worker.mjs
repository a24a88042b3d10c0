// Runs one function's code in a worker thread, one invocation at a time. Plain JavaScript, because Node starts it without a loader.
import { pathToFileURL } from 'node:url';
import { parentPort, workerData } from 'node:worker_threads';

/** Milliseconds that the world is ahead of the machine, shared with the host. */
const ahead = new Float64Array(workerData.ahead);
const MachineDate = Date;

// A function lives in the world's time: its leases, tokens and signatures are judged by the world's clock.
globalThis.Date = class Date extends MachineDate {
  constructor(...parts) {
    super(...(parts.length === 0 ? [MachineDate.now() + ahead[0]] : parts));
  }
  static now() {
    return MachineDate.now() + ahead[0];
  }
};

const loading = (async () => {
  const loaded = await import(pathToFileURL(workerData.file).href);
  const handler = loaded[workerData.exportName] ?? loaded.default?.[workerData.exportName];
  if (typeof handler !== 'function')
    throw new Error(`${workerData.exportName} is undefined or not exported by ${workerData.module}`);
  return handler;
})();
loading.catch(() => {});

const failure = (error) => ({
  errorType: error?.name ?? 'Error',
  errorMessage: String(error?.message ?? error),
  trace: String(error?.stack ?? '')
    .split('\n')
    .slice(0, 20),
});

const call = (handler, event, context) =>
  new Promise((resolve, reject) => {
    const answer = handler(event, context, (error, value) => (error ? reject(error) : resolve(value)));
    if (typeof answer?.then === 'function') answer.then(resolve, reject);
    else if (handler.length < 3) resolve(answer);
  });

parentPort.on('message', async ({ id, event, context, trace }) => {
  process.env._X_AMZN_TRACE_ID = trace;
  const deadline = Date.now() + context.remainingMilliseconds;
  try {
    const handler = await loading;
    const value = await call(handler, event, {
      ...context,
      getRemainingTimeInMillis: () => Math.max(0, deadline - Date.now()),
    });
    parentPort.postMessage({ id, value: JSON.stringify(value ?? null) });
  } catch (error) {
    parentPort.postMessage({ id, failure: failure(error) });
  }
});
