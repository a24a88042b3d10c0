import { below, type CaseStatus, child, numberOf, rootIs, type TestCase, testCase } from './report-case.ts';
import type { XmlElement } from './report-xml.ts';

const told = (element: XmlElement | undefined): string | undefined =>
  element?.attributes['message'] ?? element?.attributes['type'] ?? element?.text;

/** JUnit: `testsuites` or `testsuite`, each case with `failure`, `error` or `skipped`. */
export function readJunit(root: XmlElement): readonly TestCase[] {
  rootIs(root, 'testsuites', 'testsuite');
  return [...below(root, 'testcase')].map((found) => {
    const bad = child(found, 'error', 'failure', 'skipped');
    const statuses: Readonly<Record<string, CaseStatus>> = { error: 'ERROR', failure: 'FAILED', skipped: 'SKIPPED' };
    return testCase({
      prefix: found.attributes['classname'],
      name: found.attributes['name'],
      status: statuses[bad?.name ?? ''] ?? 'SUCCEEDED',
      seconds: numberOf(found.attributes['time']),
      message: told(bad),
    });
  });
}

const nunitStatuses: Readonly<Record<string, CaseStatus>> = {
  Success: 'SUCCEEDED',
  Failure: 'FAILED',
  Error: 'ERROR',
  Cancelled: 'ERROR',
  Ignored: 'SKIPPED',
  Skipped: 'SKIPPED',
  Inconclusive: 'UNKNOWN',
  NotRunnable: 'ERROR',
};

/** NUnit 2: `test-results`, whose cases have a `result` or, of old, `executed` and `success`. */
export function readNunit(root: XmlElement): readonly TestCase[] {
  rootIs(root, 'test-results');
  return [...below(root, 'test-case')].map((found) => {
    const { name, result, executed, success, time } = found.attributes;
    const old: CaseStatus = executed === 'False' ? 'SKIPPED' : success === 'True' ? 'SUCCEEDED' : 'FAILED';
    const why = child(found, 'failure', 'reason');
    return testCase({
      prefix: name?.slice(0, Math.max(0, name.lastIndexOf('.'))),
      name: name?.slice(name.lastIndexOf('.') + 1),
      status: result === undefined ? old : (nunitStatuses[result] ?? 'UNKNOWN'),
      seconds: numberOf(time),
      message: why && child(why, 'message')?.text,
    });
  });
}

const nunit3Statuses: Readonly<Record<string, CaseStatus>> = {
  Passed: 'SUCCEEDED',
  Warning: 'SUCCEEDED',
  Failed: 'FAILED',
  Skipped: 'SKIPPED',
  Inconclusive: 'UNKNOWN',
};

/** NUnit 3: `test-run`; a failure labelled Error is an error. */
export function readNunit3(root: XmlElement): readonly TestCase[] {
  rootIs(root, 'test-run');
  return [...below(root, 'test-case')].map((found) => {
    const { classname, name, result = '', label, duration } = found.attributes;
    const why = child(found, 'failure', 'reason');
    return testCase({
      prefix: classname,
      name,
      status: result === 'Failed' && label === 'Error' ? 'ERROR' : (nunit3Statuses[result] ?? 'UNKNOWN'),
      seconds: numberOf(duration),
      message: why && child(why, 'message')?.text,
    });
  });
}

/** TestNG: `testng-results` with classes and their methods; those that configure are no tests. */
export function readTestng(root: XmlElement): readonly TestCase[] {
  rootIs(root, 'testng-results');
  const statuses: Readonly<Record<string, CaseStatus>> = { PASS: 'SUCCEEDED', FAIL: 'FAILED', SKIP: 'SKIPPED' };
  return [...below(root, 'class')].flatMap((owner) =>
    [...below(owner, 'test-method')]
      .filter(({ attributes }) => attributes['is-config'] !== 'true')
      .map((found) => {
        const why = child(found, 'exception');
        return testCase({
          prefix: owner.attributes['name'],
          name: found.attributes['name'],
          status: statuses[found.attributes['status'] ?? ''] ?? 'UNKNOWN',
          seconds: numberOf(found.attributes['duration-ms']) / 1000,
          message: why && (child(why, 'message')?.text ?? why.attributes['class']),
        });
      }),
  );
}

const trxStatuses: Readonly<Record<string, CaseStatus>> = {
  Passed: 'SUCCEEDED',
  PassedButRunAborted: 'SUCCEEDED',
  Warning: 'SUCCEEDED',
  Completed: 'SUCCEEDED',
  Failed: 'FAILED',
  Error: 'ERROR',
  Timeout: 'ERROR',
  Aborted: 'ERROR',
  Disconnected: 'ERROR',
  NotExecuted: 'SKIPPED',
  NotRunnable: 'SKIPPED',
};

/** Visual Studio's TRX: `TestRun` with results; a definition tells the class. */
export function readTrx(root: XmlElement): readonly TestCase[] {
  rootIs(root, 'TestRun');
  const classes = new Map(
    [...below(root, 'UnitTest')].map((test) => [
      test.attributes['id'],
      child(test, 'TestMethod')?.attributes['className'],
    ]),
  );
  return [...below(root, 'UnitTestResult')].map((found) => {
    const { testId, testName, outcome, duration = '' } = found.attributes;
    const [hours, minutes, seconds] = duration.split(':');
    return testCase({
      prefix: classes.get(testId),
      name: testName,
      status: trxStatuses[outcome ?? 'Error'] ?? 'UNKNOWN',
      seconds: numberOf(hours) * 3600 + numberOf(minutes) * 60 + numberOf(seconds),
      message: [...below(found, 'Message')][0]?.text,
    });
  });
}
