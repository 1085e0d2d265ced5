// Names the tests that passed only at their second try: each is a fault of the program or of the test, to be found.
import type { Reporter, TestCase } from 'vitest/node';

export default class SecondTry implements Reporter {
  #names: string[] = [];

  onTestCaseResult(test: TestCase): void {
    if (test.diagnostic()?.flaky) this.#names.push(`${test.module.relativeModuleId} > ${test.fullName}`);
  }

  onTestRunEnd(): void {
    if (this.#names.length === 0) return;
    console.warn(['', 'Passed only at the second try:', ...this.#names].join('\n  '));
  }
}
