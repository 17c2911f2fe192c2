/** Where a collector is, as the variables `OTEL_…` of the process say. */
export type OtlpSettings = {
  readonly url: string;
  readonly headers: { readonly [name: string]: string };
  readonly service: string;
};

/**
 * The settings of the OpenTelemetry specification ("OTLP Exporter Configuration"); undefined where no endpoint is set. The endpoint of
 * traces is used as it is, the general one with `/v1/traces`.
 */
export function otlpSettings(variables: NodeJS.ProcessEnv): OtlpSettings | undefined {
  const own = given(variables['OTEL_EXPORTER_OTLP_TRACES_ENDPOINT']);
  const general = given(variables['OTEL_EXPORTER_OTLP_ENDPOINT']);
  const url = own ?? (general === undefined ? undefined : `${general.replace(/\/+$/, '')}/v1/traces`);
  if (url === undefined) return undefined;
  const headers =
    given(variables['OTEL_EXPORTER_OTLP_TRACES_HEADERS']) ??
    given(variables['OTEL_EXPORTER_OTLP_HEADERS']) ??
    '';
  return { url, headers: headersIn(headers), service: given(variables['OTEL_SERVICE_NAME']) ?? 'sluice' };
}

const given = (value: string | undefined): string | undefined => (value === '' ? undefined : value);

/** `name=value,name=value`, values percent-encoded. What is not of that form is passed over. */
function headersIn(text: string): OtlpSettings['headers'] {
  const headers: Record<string, string> = {};
  for (const pair of text.split(',')) {
    const [, name, value] = /^\s*([!#$%&'*+.^_`|~0-9A-Za-z-]+)\s*=\s*(.*?)\s*$/.exec(pair) ?? [];
    if (name === undefined || value === undefined) continue;
    try {
      headers[name.toLowerCase()] = decodeURIComponent(value);
    } catch {
      headers[name.toLowerCase()] = value;
    }
  }
  return headers;
}
