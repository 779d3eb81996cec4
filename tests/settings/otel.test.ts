import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { loadSettings } from '../../src/settings/load.ts';
import { temporaryFolder } from '../temporary-folder.ts';

const traces = async (environment: Readonly<Record<string, string>>) => {
  const { tracesEndpoint, tracesSample } = await loadSettings(environment);
  return [tracesEndpoint, tracesSample];
};

describe('traces', () => {
  test.each([
    ['are off by default', {}, [null, 1]],
    [
      'go to the traces path under OTEL_EXPORTER_OTLP_ENDPOINT',
      { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318/' },
      ['http://collector:4318/v1/traces', 1],
    ],
    [
      'take an empty variable for one that is not set',
      { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318', OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: '' },
      ['http://collector:4318/v1/traces', 1],
    ],
    ['are off under an empty endpoint', { OTEL_EXPORTER_OTLP_ENDPOINT: '' }, [null, 1]],
    [
      'go to OTEL_EXPORTER_OTLP_TRACES_ENDPOINT as given, if that is set too',
      {
        OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318',
        OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://other/t',
      },
      ['http://other/t', 1],
    ],
    [
      'follow guardrail’s own variables first',
      {
        OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318',
        GUARDRAIL_TRACES_ENDPOINT: 'http://own/v1/traces',
        OTEL_TRACES_SAMPLER: 'always_off',
        GUARDRAIL_TRACES_SAMPLE: '0.5',
      },
      ['http://own/v1/traces', 0.5],
    ],
    [
      'are off if OTEL_SDK_DISABLED is true',
      { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318', OTEL_SDK_DISABLED: 'true' },
      [null, 1],
    ],
    [
      'are off if OTEL_SDK_DISABLED is true in other letters, as the standard has it',
      { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318', OTEL_SDK_DISABLED: 'True' },
      [null, 1],
    ],
    [
      'are off if OTEL_TRACES_EXPORTER is none',
      { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318', OTEL_TRACES_EXPORTER: 'none' },
      [null, 1],
    ],
    [
      'are sampled by ratio',
      { OTEL_TRACES_SAMPLER: 'traceidratio', OTEL_TRACES_SAMPLER_ARG: '0.1' },
      [null, 0.1],
    ],
    [
      'are all sampled if the ratio is empty, as the standard has it',
      { OTEL_TRACES_SAMPLER: 'traceidratio', OTEL_TRACES_SAMPLER_ARG: '' },
      [null, 1],
    ],
    ['are sampled always', { OTEL_TRACES_SAMPLER: 'parentbased_always_on' }, [null, 1]],
    ['are never sampled', { OTEL_TRACES_SAMPLER: 'parentbased_always_off' }, [null, 0]],
  ])('%s', async (_what, environment, expected) => {
    expect(await traces(environment)).toEqual(expected);
  });

  test.each([
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318' }, ['http://collector:4318/v1/traces', 0.2]],
    [{ OTEL_TRACES_SAMPLER: 'always_on' }, ['http://own/v1/traces', 1]],
  ])('%j changes nothing else that the file says', async (environment, expected) => {
    const folder = await temporaryFolder();
    const file = join(folder, 'guardrail.yaml');
    await writeFile(file, 'traces_endpoint: http://own/v1/traces\ntraces_sample: 0.2\n');

    const { tracesEndpoint, tracesSample } = await loadSettings(environment, { file });

    expect([tracesEndpoint, tracesSample]).toEqual(expected);
  });

  test.each([
    [{ GUARDRAIL_TRACES_ENDPOINT: 'collector:4318' }, /traces_endpoint/],
    [{ GUARDRAIL_TRACES_SAMPLE: '2' }, /traces_sample: expected a number from 0 to 1/],
  ])('cannot be configured as %j', async (environment, problem) => {
    await expect(loadSettings(environment)).rejects.toThrow(problem);
  });
});
