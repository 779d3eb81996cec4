type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The settings that OpenTelemetry's standard variables imply; guardrail's own variables have priority.
 * @see https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/
 */
export function fromOpenTelemetry(environment: Environment): Record<string, string> {
  if (environment['OTEL_SDK_DISABLED']?.toLowerCase() === 'true') return { traces_endpoint: '' };
  if (environment['OTEL_TRACES_EXPORTER'] === 'none') return { traces_endpoint: '' };
  const endpoint = tracesEndpoint(environment);
  const sample = tracesSample(environment);
  return {
    ...(endpoint === undefined ? {} : { traces_endpoint: endpoint }),
    ...(sample === undefined ? {} : { traces_sample: sample }),
  };
}

/** The endpoint for traces is used as it is; the one for all signals is their common root. */
function tracesEndpoint(environment: Environment): string | undefined {
  const tracesSetting = environment['OTEL_EXPORTER_OTLP_TRACES_ENDPOINT'];
  const common = environment['OTEL_EXPORTER_OTLP_ENDPOINT'];
  if (tracesSetting !== undefined && tracesSetting !== '') return tracesSetting;
  return common === undefined || common === '' ? undefined : `${common.replace(/\/+$/, '')}/v1/traces`;
}

function tracesSample(environment: Environment): string | undefined {
  switch (environment['OTEL_TRACES_SAMPLER']?.replace(/^parentbased_/, '')) {
    case 'always_on':
      return '1';
    case 'always_off':
      return '0';
    case 'traceidratio':
      return environment['OTEL_TRACES_SAMPLER_ARG'] || '1';
    default:
      return undefined;
  }
}
